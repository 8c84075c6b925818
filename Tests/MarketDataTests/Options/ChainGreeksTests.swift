import MarketData
import Testing

@Suite("Greeks of a chain")
struct ChainGreeksTests {
    @Test("greeks of a chain reproduce the forward and volatilities that made it", arguments: [0, 0.07])
    func roundTrip(rate: Double) throws {
        let chain = ModelChain(rate: rate)
        let greeks = try #require(chain.snapshot().greeks(rate: rate).value)
        #expect(abs(greeks.forward.price - chain.forward) < 1e-8)
        #expect(greeks.forward.strikes.map(\.price) == [24_800, 24_900, 25_000, 25_100, 25_200])
        #expect(abs(greeks.years - chain.years) < 1e-9)
        #expect(greeks.rate == rate)
        #expect(greeks.strikes.count == 41)
        for row in greeks.strikes where abs(row.strike.price - chain.forward) < 1500 {
            let expected = chain.volatility(row.strike.price) * 100
            for type in OptionType.allCases {
                let found = try #require(row[type].value, "\(row)")
                #expect(abs(found.impliedVolatility - expected) < 1e-4, "\(row.strike) \(type)")
            }
        }
    }

    @Test("a side without a price is unknown and the other is not")
    func noPrice() throws {
        let snapshot = ModelChain().snapshot { row in
            if row.strike.price == 25_300 { row.call?.last = nil }
            if row.strike.price == 25_400 { row.put?.last = 0 }
            if row.strike.price == 25_500 { row.put = nil }
            if row.strike.price == 24_000 { row.call?.last = 900 }
        }
        let greeks = try #require(snapshot.greeks().value)
        func side(_ price: Double, _ type: OptionType) -> ComputedValue<OptionGreeks>? {
            greeks.strikes.first { $0.strike.price == price }?[type]
        }
        #expect(side(25_300, .call)?.reason == "the call of 25300 has no last price")
        #expect(side(25_300, .put)?.value != nil)
        #expect(side(25_400, .put)?.reason == "the put of 25400 has no last price")
        #expect(side(25_500, .put)?.reason == "the put of 25500 has no last price")
        #expect(side(24_000, .call)?.reason == "the price 900 is below the intrinsic value 1010")
    }

    @Test("after the close of the expiry day there are no greeks, with the reason")
    func expired() {
        let reason = ModelChain(days: 0).snapshot().greeks().reason
        #expect(reason == "the options of 2026-11-24 expired at 2026-11-24T10:10:00Z")
    }

    @Test("volatility at the money is the mean of both sides at the strike nearest to the forward")
    func atTheMoney() throws {
        let chain = ModelChain()
        let greeks = try #require(chain.snapshot().greeks().value)
        #expect(greeks.atTheMoney?.strike == Strike(25_000))
        let volatility = try #require(greeks.atTheMoneyVolatility.value)
        #expect(abs(volatility - chain.volatility(25_000) * 100) < 1e-6)
        let lame = chain.snapshot { if $0.strike.price == 25_000 { $0.put?.last = nil } }
        #expect(lame.greeks().value?.atTheMoneyVolatility.reason == "the put of 25000 has no last price")
    }

    @Test("a skew of two points for each 5 % is four points between 95 and 105 %")
    func fivePercent() throws {
        let greeks = try #require(ModelChain(forward: 25_000).snapshot().greeks().value)
        let skew = try #require(greeks.fivePercentSkew.value)
        // 23,750 and 26,250 lie between strikes, and the skew is a straight line.
        #expect(abs(skew.put - 16) < 1e-4)
        #expect(abs(skew.call - 12) < 1e-4)
        #expect(abs(skew.value - 4) < 1e-3)
        #expect(skew.method == .fivePercent)
        let narrow = ModelChain(forward: 25_000).snapshot()
        var cut = narrow
        cut.strikes.removeAll { $0.strike.price > 25_900 }
        #expect(cut.greeks().value?.fivePercentSkew.reason?.contains("26250") == true)
    }

    @Test("the 25-delta skew compares the put and the call of that delta")
    func quarterDelta() throws {
        let chain = ModelChain()
        let greeks = try #require(chain.snapshot().greeks().value)
        let skew = try #require(greeks.quarterDeltaSkew.value)
        let (put, call) = (try strike(ofDelta: -0.25, .put, chain), try strike(ofDelta: 0.25, .call, chain))
        #expect(put < 24_900 && call > 25_100)
        #expect(abs(skew.put - chain.volatility(put) * 100) < 0.02)
        #expect(abs(skew.call - chain.volatility(call) * 100) < 0.02)
        #expect(skew.value > 0)
        var cut = chain.snapshot()
        cut.strikes.removeAll { abs($0.strike.price - 25_000) > 210 }
        #expect(cut.greeks().value?.quarterDeltaSkew.reason?.contains("delta 0.25") == true)
    }

    @Test("time to expiry ends at 15:30 until July 2026 and at 15:40 from August on")
    func years() throws {
        for (date, clock) in [("2026-07-28", "15:30"), ("2026-08-04", "15:40")] {
            let day = try #require(CalendarDate(date))
            let close = IndianTime.timestamp(day, try #require(ClockTime(clock)))
            let before = close.advanced(bySeconds: -73 * 86_400)
            #expect(TradingCalendar.nse.yearsToExpiry(day, from: before).value == 0.2)
            #expect(TradingCalendar.nse.yearsToExpiry(day, from: close).value == nil)
        }
    }

    /// By bisection in the strike, of the model itself.
    private func strike(ofDelta delta: Double, _ type: OptionType, _ chain: ModelChain) throws -> Double {
        var (low, high) = (23_000.0, 27_000.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            let model = try #require(
                Black76(
                    forward: chain.forward, strike: middle, years: chain.years, rate: chain.rate,
                    volatility: chain.volatility(middle)
                )
            )
            if model.delta(type) > delta { low = middle } else { high = middle }
        }
        return low
    }
}
