import Foundation
import Testing

@testable import MarketData

@Suite("Gamma flip")
struct GammaFlipTests {
    @Test("the exposures of calls and puts, recomputed at the flip, cancel each other")
    func cancels() throws {
        let snapshot = ModelChain().snapshot()
        let greeks = try #require(snapshot.greeks().value)
        let flip = try #require(snapshot.gammaFlip(by: greeks).value)
        let (calls, puts) = try exposure(of: snapshot, greeks, at: flip)
        #expect(abs(calls + puts) < 1e-4 * calls, "\(calls) \(puts)")
        // Calls are held above, puts below: net gamma is negative under the flip and positive over it.
        let (under, over) = (
            try exposure(of: snapshot, greeks, at: flip - 50), try exposure(of: snapshot, greeks, at: flip + 50)
        )
        #expect(under.calls + under.puts < 0)
        #expect(over.calls + over.puts > 0)
    }

    @Test("a chain of calls alone has no flip, with the reason")
    func none() throws {
        let snapshot = ModelChain().snapshot { $0.put?.openInterest = nil }
        let greeks = try #require(snapshot.greeks().value)
        #expect(
            snapshot.gammaFlip(by: greeks).reason
                == "net gamma exposure does not change its sign within 10 % of the forward")
    }

    @Test("where exposures are zero at the forward and differ in sign beyond, the forward is the flip")
    func zeroAboutTheForward() throws {
        let flip = try flip([(940, put: true), (1_060, put: false)])
        #expect(flip == 1_000)
        let upsideDown = try self.flip([(940, put: false), (1_060, put: true)])
        #expect(upsideDown == 1_000)
    }

    @Test("a run of zeros between two signs is a flip at its end nearest to the forward")
    func zeroOnTheWay() throws {
        let above = try #require(try flip([(1_010, put: true), (1_090, put: false)]))
        #expect(above > 1_045 && above < 1_060, "\(above)")
        let below = try #require(try flip([(990, put: false), (910, put: true)]))
        #expect(below < 955 && below > 940, "\(below)")
    }

    @Test("zeros between two runs of the same sign, and a chain that cancels everywhere, are not flips")
    func zeroWithoutChange() throws {
        #expect(try flip([(940, put: false), (1_060, put: false)]) == nil)
        #expect(try flip([(1_000, put: false), (1_000, put: true)]) == nil)
    }

    @Test("of two flips the one nearer to the forward is returned, on either side")
    func nearest() throws {
        let flip = try #require(try flip([(985, put: true), (1_000, put: false), (1_030, put: true)], deviation: 0.01))
        #expect(flip < 1_000 && flip > 985)
    }

    @Test(
        "a book equal on both sides has no flip despite rounding", arguments: [1, 65, 1_234_567.0])
    func balanced(held: Double) throws {
        let snapshot = ModelChain().snapshot { row in
            let both = held * (1 + row.strike.price.truncatingRemainder(dividingBy: 7))
            row.call?.openInterest = both
            row.put?.openInterest = both
        }
        // The same volatility on both sides, as one model gave both prices, but for the last digits.
        let greeks = try #require(snapshot.greeks().value)
        let same = ChainGreeks(
            forward: greeks.forward, years: greeks.years, rate: 0,
            strikes: greeks.strikes.map { StrikeGreeks(strike: $0.strike, call: $0.call, put: $0.call) })
        let flip = snapshot.gammaFlip(by: same)
        #expect(flip.value == nil)
        #expect(flip.reason?.contains("cancel out") == true)
    }

    @Test("without an option that has both greeks and open interest the reason says so")
    func nothingHeld() throws {
        let snapshot = ModelChain().snapshot()
        let greeks = try #require(snapshot.greeks().value)
        let none = ComputedValue<OptionGreeks>.unknown(reason: "there is less than a minute to expiry")
        let blind = ChainGreeks(
            forward: greeks.forward, years: greeks.years, rate: 0,
            strikes: greeks.strikes.map { StrikeGreeks(strike: $0.strike, call: none, put: none) })
        #expect(snapshot.gammaFlip(by: blind).reason == "no option has both open interest and greeks")
    }

    @Test("near expiry a flip between two strikes is found although a coarse step would miss it")
    func narrow() throws {
        let found = try flip([(1_001, put: true), (1_003, put: false), (1_004, put: true)], deviation: 0.0003)
        #expect(try #require(found) > 1_001)
        #expect(try #require(found) < 1_003)
    }

    /// The flip of options held alike, so near to expiry that each counts about its own strike only; the forward is 1,000.
    private func flip(_ options: [(strike: Double, put: Bool)], deviation: Double = 0.001) throws -> Double? {
        let years = 1.0 / 365
        let percent = deviation / years.squareRoot() * 100
        var rows: [OptionStrike] = []
        var known: [StrikeGreeks] = []
        for option in options {
            let strike = try #require(Strike(option.strike))
            let model = try #require(
                Black76(
                    forward: 1_000, strike: option.strike, years: years, rate: 0, volatility: percent / 100))
            let values = OptionData(openInterest: 65)
            let greeks = ComputedValue.known(OptionGreeks(model, of: option.put ? .put : .call))
            let none = ComputedValue<OptionGreeks>.unknown(reason: "not held")
            rows.append(OptionStrike(strike: strike, call: option.put ? nil : values, put: option.put ? values : nil))
            known.append(
                StrikeGreeks(strike: strike, call: option.put ? none : greeks, put: option.put ? greeks : none))
        }
        var snapshot = ModelChain().snapshot()
        snapshot.strikes = rows
        let chain = ChainGreeks(
            forward: ImpliedForward(price: 1_000, strikes: []), years: years, rate: 0, strikes: known)
        return snapshot.gammaFlip(by: chain).value
    }

    /// By the model itself, option by option.
    private func exposure(
        of snapshot: OpenInterestSnapshot, _ greeks: ChainGreeks, at forward: Double
    ) throws -> (calls: Double, puts: Double) {
        var sums = [OptionType.call: 0.0, .put: 0.0]
        for (row, known) in zip(snapshot.strikes, greeks.strikes) {
            for type in OptionType.allCases {
                guard let option = known[type].value, let held = row[type]?.openInterest else { continue }
                let model = try #require(
                    Black76(
                        forward: forward, strike: row.strike.price, years: greeks.years, rate: 0,
                        volatility: option.impliedVolatility / 100))
                sums[type, default: 0] += (type == .call ? 1 : -1) * held * model.gamma * forward * forward
            }
        }
        return (sums[.call] ?? 0, sums[.put] ?? 0)
    }
}
