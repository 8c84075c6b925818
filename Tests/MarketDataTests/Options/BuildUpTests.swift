import MarketData
import Testing

@Suite("Build-up")
struct BuildUpTests {
    @Test(
        "follows from price and open interest",
        arguments: [
            (1, 1, .longBuildUp), (-1, 1, .shortBuildUp), (-1, -1, .longUnwinding), (1, -1, .shortCovering),
            (0, 1, .neutral), (1, 0, .neutral), (0, 0, .neutral), (-1, 0, .neutral), (0, -1, .neutral),
        ] as [(Double, Double, BuildUp)])
    func table(price: Double, openInterest: Double, expected: BuildUp) {
        #expect(BuildUp.of(priceChange: price, openInterestChange: openInterest) == .known(expected))
    }

    @Test("a change within its threshold is none")
    func thresholds() {
        func reported(_ price: Double, _ openInterest: Double) -> BuildUp? {
            BuildUp.of(
                priceChange: price, openInterestChange: openInterest, priceThreshold: 0.5, openInterestThreshold: 2
            ).value
        }
        #expect(reported(0.5, 3) == .neutral)
        #expect(reported(-0.6, 2) == .neutral)
        #expect(reported(-0.6, 2.1) == .shortBuildUp)
    }

    @Test("an unknown change gives no build-up, with the reason", arguments: [nil, Double.nan])
    func unknown(change: Double?) {
        #expect(BuildUp.of(priceChange: change, openInterestChange: 1).reason?.contains("price") == true)
        #expect(BuildUp.of(priceChange: 1, openInterestChange: change).reason?.contains("open interest") == true)
    }

    @Test("compares an option at two times, with thresholds in percent")
    func between() {
        let earlier = OptionData(openInterest: 1000, last: 200)
        let later = OptionData(openInterest: 1015, last: 190)
        #expect(BuildUp.between(earlier, and: later).value == .shortBuildUp)
        #expect(BuildUp.between(earlier, and: later, openInterestThreshold: 2).value == .neutral)
        #expect(
            BuildUp.between(earlier, and: later, priceThreshold: 4, openInterestThreshold: 1).value == .shortBuildUp)
        #expect(BuildUp.between(OptionData(last: 1), and: later).reason?.contains("open interest") == true)
        let none = OptionData(openInterest: 0, last: 200)
        #expect(BuildUp.between(none, and: later, openInterestThreshold: 2).value == nil)
    }
}
