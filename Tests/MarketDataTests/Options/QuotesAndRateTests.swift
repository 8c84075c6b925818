import Foundation
import MarketData
import Testing

@Suite("Volatilities of quotes and the implied rate")
struct QuotesAndRateTests {
    @Test("bid, ask and mid each have their volatility, in order")
    func quotes() throws {
        let snapshot = ModelChain().snapshot { row in
            guard row.strike.price == 25_300, let last = row.call?.last else { return }
            row.call?.bid = last - 0.5
            row.call?.ask = last + 0.5
        }
        let greeks = try #require(snapshot.greeks().value)
        let row = try #require(greeks.strikes.first { $0.strike.price == 25_300 })
        let quotes = try #require(row.quotes(of: .call))
        let (bid, mid, ask) = (
            try #require(quotes.bid.value), try #require(quotes.mid.value), try #require(quotes.ask.value)
        )
        #expect(bid < mid && mid < ask)
        #expect(abs(mid - (try #require(row.call.value).impliedVolatility)) < 1e-6)
        #expect(row.quotes(of: .put) == nil)
    }

    @Test("with one side of the book only that side has a volatility, and there is no mid")
    func oneSided() throws {
        let snapshot = ModelChain().snapshot { row in
            guard row.strike.price == 25_300, let last = row.put?.last else { return }
            row.put?.ask = last
        }
        let quotes = try #require(
            snapshot.greeks().value?.strikes.first { $0.strike.price == 25_300 }?.quotes(of: .put))
        #expect(quotes.ask.value != nil)
        #expect(quotes.bid.value == nil)
        #expect(quotes.mid.value == nil)
    }

    @Test("prices made with a rate give that rate back", arguments: [-0.01, 0, 0.05, 0.0675, 0.1])
    func rate(rate: Double) throws {
        let snapshot = ModelChain(rate: rate, days: 90).snapshot()
        let greeks = try #require(snapshot.greeks(rate: 0).value)
        let implied = try #require(snapshot.impliedRate(by: greeks).value)
        #expect(abs(implied.rate - rate) < 1e-6)
        #expect(implied.standardError < 1e-6)
        #expect(implied.strikes >= ImpliedRate.fewestStrikes)
    }

    @Test("scattered premiums near expiry and too few strikes leave the rate unknown")
    func uncertain() throws {
        var sign = 1.0
        let noisy = ModelChain(rate: 0.06, days: 2).snapshot { row in
            sign = -sign
            guard let last = row.call?.last else { return }
            row.call?.last = last + 3 * sign
        }
        let greeks = try #require(noisy.greeks().value)
        #expect(noisy.impliedRate(by: greeks).value == nil)
        var few = ModelChain(days: 90).snapshot()
        few.strikes.removeAll { abs($0.strike.price - 25_000) > 310 }
        #expect(few.impliedRate(by: try #require(few.greeks().value)).value == nil)
    }

    @Test("gross gamma exposure is the sum of both sides' sizes")
    func gross() throws {
        let snapshot = ModelChain().snapshot()
        let greeks = try #require(snapshot.greeks().value)
        let exposure = try #require(snapshot.gammaExposure(by: greeks).value)
        let calls = exposure.rows.compactMap(\.call).reduce(0, +)
        let puts = exposure.rows.compactMap(\.put).reduce(0, +)
        #expect(abs(exposure.gross - (calls - puts)) < 1e-9 * exposure.gross)
        #expect(abs(exposure.total - (calls + puts)) < 1e-9 * exposure.gross)
    }

    @Test("the strike of the volatility at the money is the nearest to the forward, not to the spot")
    func strikeOfVolatility() {
        let snapshot = ModelChain(forward: 25_160, spot: 25_040).snapshot()
        let analysis = ChainAnalysis(snapshot)
        #expect(analysis.atTheMoneyVolatilityStrike.value == Strike(25_200))
        #expect(snapshot.atTheMoney == Strike(25_000))
    }

    @Test(
        "a source's spelling of a build-up is mapped to ours",
        arguments: [
            ("Short Covering", BuildUp.shortCovering), ("Long Build Up", .longBuildUp),
            ("Short Buildup", .shortBuildUp),
            ("long_unwinding", .longUnwinding), ("Neutral", .neutral), ("sideways", nil), ("", nil),
        ] as [(String, BuildUp?)])
    func spelling(text: String, buildUp: BuildUp?) { #expect(BuildUp(spelling: text) == buildUp) }
}
