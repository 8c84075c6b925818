import Foundation
import MarketData
import Testing

@Suite("Gamma flip")
struct GammaFlipTests {
    @Test("at the flip the exposures of calls and puts, reckoned anew, cancel each other")
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

    @Test("a chain of calls alone has no flip, and why")
    func none() throws {
        let snapshot = ModelChain().snapshot { $0.put?.openInterest = nil }
        let greeks = try #require(snapshot.greeks().value)
        #expect(
            snapshot.gammaFlip(by: greeks).reason
                == "net gamma exposure does not change its sign within 10 % of the forward")
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
