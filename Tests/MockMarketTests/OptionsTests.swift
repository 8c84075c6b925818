import MarketData
import MockMarket
import TestSupport
import Testing

@Suite("Option chains of the mock market")
struct OptionsTests {
    @Test(
        "every value of a chain is present and valid",
        arguments: [
            "NSE:NIFTY", "NSE:BANKNIFTY", "NSE:FINNIFTY", "NSE:MIDCPNIFTY", "BSE:SENSEX", "NSE:RELIANCE", "NSE:SBIN",
        ], MockMarket.Hours.allCases)
    func values(symbol: String, hours: MockMarket.Hours) throws {
        let now = try instant("2026-11-20 14:02")
        let market = MockMarket.at(now, hours: hours)
        for expiry in try market.expiries(of: try Symbol(symbol), at: now).expiries {
            let chain = try market.openInterest(of: try Symbol(symbol), expiry: expiry, at: now)
            let lot = Double(try #require(chain.lotSize))
            #expect(chain.unit == .shares)
            #expect(chain.strikes.count == 101)
            #expect(chain.listedStrikes == chain.strikes.count)
            for side in chain.strikes.flatMap({ [$0.call, $0.put] }) {
                let side = try #require(side)
                let (open, change) = (try #require(side.openInterest), try #require(side.change))
                let (previous, volume) = (try #require(side.previous), try #require(side.volume))
                guard open >= 0, previous >= 0, volume >= 0, change == open - previous,
                    [open, previous, volume].allSatisfy({ ($0 / lot).rounded() == $0 / lot }),
                    try #require(side.last) >= 0.05, try #require(side.impliedVolatility) > 1
                else {
                    Issue.record("\(symbol) \(expiry): \(side)")
                    return
                }
            }
        }
    }

    @Test("premiums fall for calls and rise for puts with the strike, and call less put is spot less strike")
    func premiums() throws {
        let now = try instant("2026-11-20 14:02")
        let market = MockMarket.at(now)
        for symbol in [Symbol.nifty, .bankNifty, Symbol(exchange: "NSE", ticker: "SBIN")] {
            for expiry in try market.expiries(of: symbol, at: now).expiries {
                let chain = try market.openInterest(of: symbol, expiry: expiry, at: now)
                let spot = try #require(chain.spot)
                let calls = chain.strikes.compactMap { $0.call?.last }
                let puts = chain.strikes.compactMap { $0.put?.last }
                #expect(zip(calls, calls.dropFirst()).allSatisfy { $0 >= $1 })
                #expect(zip(puts, puts.dropFirst()).allSatisfy { $0 <= $1 })
                for (strike, (call, put)) in zip(chain.strikes, zip(calls, puts)) {
                    #expect(abs(call - put - (spot - strike.strike.price)) <= 0.1001)
                }
            }
        }
    }

    @Test("calls concentrate above the spot, puts below, and the ratio is the sum of puts over the sum of calls")
    func shape() throws {
        let now = try instant("2026-11-20 14:02")
        for seed in UInt64(1)...5 {
            let chain = try MockMarket.at(now, seed: seed).openInterest(of: .nifty, expiry: nil, at: now)
            let spot = try #require(chain.spot)
            func sum(_ side: KeyPath<OptionStrike, OptionData?>, _ isAbove: Bool) -> Double {
                chain.strikes.filter { ($0.strike.price > spot) == isAbove }
                    .compactMap { $0[keyPath: side]?.openInterest }.reduce(0, +)
            }
            #expect(sum(\.call, true) > sum(\.call, false))
            #expect(sum(\.put, false) > sum(\.put, true))
            let puts = sum(\.put, true) + sum(\.put, false)
            let calls = sum(\.call, true) + sum(\.call, false)
            let ratio = chain.putCallRatio(by: .openInterest)
            #expect(ratio.value == puts / calls)
            #expect((0.3...3).contains(try #require(ratio.value)))
            #expect(chain.maxPain != nil)
        }
    }

    @Test("open interest of a time is the same at every request, and its spot is the price of that time")
    func past() throws {
        var random = SeededGenerator(seed: 5)
        let end = try instant("2026-11-20 14:02")
        for hours in MockMarket.Hours.allCases {
            for _ in 0..<15 {
                let moment = Timestamp(
                    milliseconds: end.milliseconds - Int64.random(in: 0...40_000_000_000, using: &random))
                let then = try MockMarket.at(moment, hours: hours).openInterest(of: .nifty, expiry: nil, at: moment)
                let later = try MockMarket.at(end, hours: hours)
                    .openInterest(of: .nifty, expiry: then.expiry, at: moment)
                #expect(then == later)
                #expect(then.provenance.asOf <= moment)
                #expect(
                    then.spot == (try MockMarket.at(moment, hours: hours).price(of: .nifty, at: then.provenance.asOf)))
            }
        }
    }

    @Test("the previous values are those of the last session's close", arguments: MockMarket.Hours.allCases)
    func previous(hours: MockMarket.Hours) throws {
        let now = try instant("2026-11-20 14:02")
        let market = MockMarket.at(now, hours: hours)
        let expiry = try date("2026-12-01")
        let today = try market.openInterest(of: .nifty, expiry: expiry, at: now)
        let evening = try instant(hours == .always ? "2026-11-20 00:00" : "2026-11-19 15:40")
        let close = try market.openInterest(
            of: .nifty, expiry: expiry,
            at: hours == .always ? Timestamp(milliseconds: evening.milliseconds - 1) : evening)
        let before = Dictionary(uniqueKeysWithValues: close.strikes.map { ($0.strike, $0) })
        let both = today.strikes.filter { before[$0.strike] != nil }
        #expect(both.count > 50)
        for strike in both {
            let (previous, closed) = (strike.call?.previous ?? -1, before[strike.strike]?.call?.openInterest ?? -2)
            // Always open, the last step of a day is three minutes short of its end.
            #expect(hours == .always ? abs(previous - closed) <= 0.03 * max(previous, 6_500) : previous == closed)
            for type in OptionType.allCases where hours == .exchange {
                let (side, before) = (try #require(strike[type]), try #require(before[strike.strike]?[type]))
                let change = try #require(side.last) - (try #require(before.last))
                #expect(abs(change - (side.priceChange ?? .nan)) < 0.001)
            }
        }
    }

    @Test("through the day open interest moves in steps of three minutes and volume only grows")
    func steps() throws {
        let market = MockMarket.at(try instant("2026-11-20 20:00"), hours: .exchange)
        let range = TimeRange(from: try instant("2026-11-20 00:00"), to: try instant("2026-11-21 00:00"))
        let history = try market.openInterestHistory(
            of: .nifty, expiry: try date("2026-11-23"), within: range, at: try instant("2026-11-20 20:00"))
        // 09:15, 09:18, ... 15:39, 15:40
        #expect(history.count == 130)
        #expect(history.first?.provenance.asOf == (try instant("2026-11-20 09:15")))
        #expect(history.last?.provenance.asOf == (try instant("2026-11-20 15:40")))
        for (before, after) in zip(history, history.dropFirst()) {
            #expect(before.provenance.asOf < after.provenance.asOf)
            #expect(before.strikes.map(\.strike) == after.strikes.map(\.strike))
            #expect(
                zip(before.strikes, after.strikes).allSatisfy { ($0.call?.volume ?? 0) <= ($1.call?.volume ?? 0) })
            #expect(before.strikes.map { $0.put?.openInterest } != after.strikes.map { $0.put?.openInterest })
        }
        let between = try market.openInterest(
            of: .nifty, expiry: try date("2026-11-23"), at: try instant("2026-11-20 10:17"))
        #expect(between.provenance.asOf == (try instant("2026-11-20 10:15")))
    }

    @Test("expiries are those of the requested time, and an expired one is returned only for times before its end")
    func expiries() throws {
        let now = try instant("2026-11-25 12:00")
        let market = MockMarket.at(now)
        let listed = try market.expiries(of: .nifty, at: try instant("2026-11-22 12:00"))
        #expect(listed.expiries.first == (try date("2026-11-23")))
        #expect(listed.standard == listed.expiries.first)
        let alive = try market.openInterest(
            of: .nifty, expiry: try date("2026-11-23"), at: try instant("2026-11-23 15:00"))
        #expect(alive.strikes.count == 101)
        for wrong in ["2026-11-23", "2026-11-24", "2026-12-02"] {
            let error = #expect(throws: MarketDataError.self) {
                try market.openInterest(of: .nifty, expiry: try date(wrong), at: now)
            }
            #expect(error?.code == .expiryNotListed)
            #expect(error?.suggestions.contains("2026-12-01") == true)
        }
    }

    @Test("unsupported requests are rejected with their code")
    func refusals() async throws {
        let now = try instant("2026-11-20 14:02")
        let market = MockMarket.at(now)
        let future = await #expect(throws: MarketDataError.self) {
            try await market.openInterest(OpenInterestRequest(symbol: .nifty, at: now.advanced(bySeconds: 60)))
        }
        #expect(future?.code == .noDataForTime)
        let none = await #expect(throws: MarketDataError.self) { try await market.expiries(of: .indiaVIX) }
        #expect(none?.code == .notSupported)
        let years = await #expect(throws: MarketDataError.self) {
            try await market.openInterestHistory(
                of: .nifty, expiry: nil, within: TimeRange(from: try instant("2026-10-01 00:00"), to: now))
        }
        #expect(years?.code == .tooLarge)
        let empty = await #expect(throws: MarketDataError.self) {
            try await market.openInterestHistory(of: .nifty, expiry: nil, within: TimeRange(from: now, to: now))
        }
        #expect(empty?.code == .badRequest)
    }
}
