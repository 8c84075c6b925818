import MarketData
import MarketStore
import TestSupport
import Testing

@Suite("expected bars")
struct ExpectedBarsTests {
    @Test(
        "are those that the calendar gives one after the other, from any instant",
        arguments: ["1m", "7m", "1h", "1d", "2d", "1w", "1M"])
    func asBoundariesSay(interval: String) throws {
        var random = SeededGenerator(seed: 5)
        let boundaries = BarBoundaries(interval: try Interval(interval))
        for _ in 0..<15 {
            let from = Moments.time(Int.random(in: -40_000..<40_000, using: &random))
            let range = TimeRange(
                from: from, to: from.advanced(bySeconds: Int64.random(in: 0..<400_000, using: &random)))
            var expected: [TimeRange] = []
            var bar = boundaries.firstBar(openingAtOrAfter: range.from)
            while bar.from < range.to {
                expected.append(bar)
                bar = boundaries.firstBar(openingAtOrAfter: Timestamp(milliseconds: bar.from.milliseconds + 1))
            }
            #expect(Array(ExpectedBars(boundaries: boundaries, within: range)) == expected)
        }
    }

    @Test("a trading day has 375 minutes, and a weekend none")
    func counts() {
        let week = Moments.range(day: 0, -555..<7 * 1_440 - 555)
        #expect(Array(ExpectedBars(boundaries: Moments.boundaries, within: week)).count == 5 * 375)
        let weekend = Moments.range(day: 3, -555..<2 * 1_440 - 555)
        #expect(Array(ExpectedBars(boundaries: Moments.boundaries, within: weekend)).isEmpty)
    }

    @Test("a bar that is not over yet is not expected")
    func forming() {
        let now = Moments.opening.advanced(bySeconds: 200)
        let bars = ExpectedBars(boundaries: Moments.boundaries, within: Moments.range(0..<60), now: now)
        #expect(bars.map(\.from) == [Moments.time(0), Moments.time(1), Moments.time(2)])
    }
}
