import MarketData
import MarketStore
import TestSupport
import Testing

@Suite("gaps")
struct GapFinderTests {
    private let finder = GapFinder(
        interval: .oneMinute, boundaries: Moments.boundaries, now: Moments.time(30 * 1_440))

    @Test("a day whose bars are all there has none; the night is closed")
    func complete() {
        let range = Moments.range(0..<1_440)
        let answer = Moments.answer(range)
        let spans = finder.spans(in: range, coverage: answer.coverage, openings: answer.bars.map(\.time))
        #expect(
            spans == [
                CoverageSpan(Moments.range(0..<375), .had),
                CoverageSpan(Moments.range(375..<1_440), .empty(.closed)),
            ])
    }

    @Test("bars that were lost are missing although coverage says that all is had")
    func punched() {
        let range = Moments.range(0..<375)
        let answer = Moments.answer(range)
        let left = answer.bars.map(\.time).filter { !Moments.range(100..<103).contains($0) }
        let unknown = finder.unknown(in: range, coverage: answer.coverage, openings: left)
        #expect(unknown == [Moments.range(100..<103)])
        let spans = finder.spans(in: range, coverage: answer.coverage, openings: left)
        #expect(spans.map(\.state) == [.had, .missing, .had])
        #expect(spans.dropFirst().first?.range == Moments.range(100..<103))
    }

    @Test("a bar that the source did not have is known to be empty and is not missing")
    func noTrades() {
        let range = Moments.range(0..<10)
        let bars = Moments.bars(range).filter { $0.time != Moments.time(4) }
        let run = BarRun(
            key: Moments.key, bars: bars, provenance: Moments.provenance(), answered: range,
            boundaries: Moments.boundaries)
        let openings = bars.map(\.time)
        #expect(finder.unknown(in: range, coverage: run.coverage, openings: openings).isEmpty)
        let spans = finder.spans(in: range, coverage: run.coverage, openings: openings)
        #expect(spans.map(\.state) == [.had, .empty(.noTrades), .had])
    }

    @Test("holidays and weekends are closed, not missing")
    func holidays() {
        // 2026-06-26 was Muharram, a Friday; the Monday after it is the next day of trading.
        let range = Moments.range(day: -5, 0..<3 * 1_440)
        let spans = finder.spans(in: range, coverage: CoverageMap(), openings: [])
        #expect(spans.map(\.state) == [.empty(.closed)])
    }

    @Test("what has not happened yet is neither missing nor known")
    func future() {
        let now = Moments.opening.advanced(bySeconds: 150)
        let finder = GapFinder(interval: .oneMinute, boundaries: Moments.boundaries, now: now)
        let spans = finder.spans(in: Moments.range(0..<375), coverage: CoverageMap(), openings: [Moments.time(0)])
        #expect(
            spans == [
                CoverageSpan(Moments.range(0..<1), .had), CoverageSpan(Moments.range(1..<2), .missing),
            ])
    }

    @Test("an answer proves nothing about what was not over when it was given")
    func early() {
        var provenance = Moments.provenance()
        provenance.asOf = Moments.opening.advanced(bySeconds: 150)
        let run = BarRun(
            key: Moments.key, bars: [Moments.bar(Moments.time(0))], provenance: provenance,
            answered: Moments.range(0..<375), boundaries: Moments.boundaries)
        #expect(
            run.coverage.spans == [
                CoverageSpan(Moments.range(0..<1), .had), CoverageSpan(Moments.range(1..<2), .empty(.noTrades)),
            ])
    }
}

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
