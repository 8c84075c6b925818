import MarketData
import Testing

@Suite("The step of strikes")
struct StrikeStepTests {
    func step(_ strikes: [Double], spot: Double?) -> Double? {
        OpenInterestSnapshot(
            symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), expiry: CalendarDate(daysSinceEpoch: 20_000),
            unit: .shares,
            lotSize: nil, spot: spot,
            strikes: strikes.compactMap(Strike.init).map { OptionStrike(strike: $0, call: nil, put: nil) },
            listedStrikes: nil,
            provenance: Provenance(
                source: .nse, feed: nil, mode: .endOfDay, delaySeconds: nil, asOf: Timestamp(seconds: 0))
        ).strikeStep?.price
    }

    @Test("is that of the strikes near the spot, even where wider steps are more frequent")
    func near() {
        let far = stride(from: 1_000, to: 23_000, by: 500).map(Double.init)
        let close = stride(from: 24_000, through: 25_000, by: 50).map(Double.init)
        #expect(step(far + close, spot: 24_512) == 50)
    }

    @Test("fractions after a corporate action are valid steps, and of two equally frequent ones the smaller is used")
    func odd() {
        #expect(step([110.2, 111.1, 112, 112.9, 113.8], spot: 112) == 0.9)
        #expect(step([100, 105, 107.5], spot: 105) == 2.5)
    }

    @Test("without a spot the middle strike is used, and one strike has no step")
    func few() {
        #expect(step([100, 110, 120], spot: nil) == 10)
        #expect(step([100], spot: 100) == nil)
        #expect(step([], spot: nil) == nil)
    }
}
