import MarketData
import MarketStore
import TestSupport
import Testing

@Suite("Survey of a series")
struct SeriesSurveyTests {
    private func survey(
        _ range: TimeRange, _ coverage: CoverageMap = CoverageMap(), _ openings: [Timestamp] = [],
        now: Timestamp = Moments.time(30 * 1_440)
    ) -> SeriesSurvey {
        SeriesSurvey(
            of: Moments.key, over: range, coverage: coverage, openings: openings, boundaries: Moments.boundaries,
            now: now)
    }

    @Test("a complete day has no gap, and the night is closed")
    func complete() {
        let range = Moments.range(0..<1_440)
        let response = Moments.response(range)
        #expect(
            survey(range, response.coverage, response.bars.map(\.time)).spans == [
                SeriesCoverage.Span(range: Moments.range(0..<375), state: .had),
                SeriesCoverage.Span(range: Moments.range(375..<1_440), state: .empty, reason: "closed"),
            ])
    }

    @Test("bars that were lost are unknown although coverage has data there")
    func lost() {
        let range = Moments.range(0..<375)
        let response = Moments.response(range)
        let left = response.bars.map(\.time).filter { !Moments.range(100..<103).contains($0) }
        let survey = survey(range, response.coverage, left)
        #expect(survey.unknown == [Moments.range(100..<103)])
        #expect(survey.missing == survey.unknown)
        #expect(survey.spans.map(\.state) == [.had, .missing, .had])
        #expect(survey.spans.dropFirst().first?.range == Moments.range(100..<103))
    }

    @Test("a bar that the source does not have is known empty")
    func noTrades() {
        let range = Moments.range(0..<10)
        let bars = Moments.bars(range).filter { $0.time != Moments.time(4) }
        let run = BarRun(
            key: Moments.key, bars: bars, provenance: Moments.provenance(), complete: range,
            boundaries: Moments.boundaries)
        let survey = survey(range, run.coverage, bars.map(\.time))
        #expect(survey.unknown.isEmpty)
        #expect(survey.spans.map(\.state) == [.had, .empty, .had])
        #expect(survey.spans.map(\.reason) == [nil, "no_trades", nil])
    }

    @Test("holidays and weekends are closed, and unknown until a source responds")
    func holidays() {
        // 2026-06-26 was Muharram, a Friday; the Monday after it is the next day of trading.
        let range = Moments.range(day: -5, 0..<3 * 1_440)
        let survey = survey(range)
        #expect(survey.spans.map(\.reason) == ["closed"])
        #expect(survey.missing.isEmpty)
        #expect(survey.unknown == [range])
    }

    @Test("a bar stored outside trading hours is data, and the time beside it is closed")
    func specialSession() {
        let saturday = Moments.range(day: 3, 0..<60)
        let survey = survey(saturday, CoverageMap(), [Moments.time(3 * 1_440 + 10), Moments.time(3 * 1_440 + 11)])
        #expect(survey.spans.map(\.reason) == ["closed", nil, "closed"])
        #expect(survey.spans.map(\.range)[1] == Moments.range(day: 3, 10..<12))
        #expect(survey.missing.isEmpty)
    }

    @Test("the future is neither missing nor known")
    func future() {
        let now = Moments.opening.advanced(bySeconds: 150)
        let survey = survey(Moments.range(0..<375), CoverageMap(), [Moments.time(0)], now: now)
        #expect(
            survey.spans == [
                SeriesCoverage.Span(range: Moments.range(0..<1), state: .had),
                SeriesCoverage.Span(range: Moments.range(1..<2), state: .missing),
            ])
    }

    @Test("a bar that was not over at the response stays unknown")
    func early() {
        var provenance = Moments.provenance()
        provenance.asOf = Moments.opening.advanced(bySeconds: 150)
        let run = BarRun(
            key: Moments.key, bars: [Moments.bar(Moments.time(0))], provenance: provenance,
            complete: Moments.range(0..<375), boundaries: Moments.boundaries)
        #expect(
            run.coverage.spans == [
                CoverageSpan(Moments.range(0..<1), .hasData), CoverageSpan(Moments.range(1..<2), .empty(.noTrades)),
            ])
    }
}

@Suite("expected bars")
struct ExpectedBarsTests {
    @Test(
        "expected bars follow the calendar from any instant",
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
