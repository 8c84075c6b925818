import MarketData
import MarketStore
import TestSupport
import Testing

@testable import MarketHistory

@Suite("The overlap of a fetch")
struct SeriesFetcherTests {
    private static let key = SeriesKey(symbol: .nifty, interval: .oneMinute)
    /// 2026-07-01 09:15 in India.
    private static let opening = Timestamp(seconds: 1_782_877_500)

    private static func time(_ minute: Int64) -> Timestamp { opening.advanced(bySeconds: minute * 60) }

    /// What is requested of the source, in minutes, where 10 to 19 are stored as of an hour after the opening.
    private func range(
        of minutes: Range<Int64>, after seconds: Int64 = 86_400, isNewest: Bool = false
    ) async throws -> TimeRange? {
        let store = try SQLiteMarketStore.inMemory(contents: .simulated)
        let bars = (10..<20).map { (minute: Int64) in
            Bar(time: Self.time(minute), open: 1, high: 2, low: 1, close: 2, volume: nil, isFinal: true)
        }
        let provenance = Provenance(
            source: .mock, feed: nil, mode: .simulated, delaySeconds: 0, asOf: Self.opening.advanced(bySeconds: 3_600))
        try await store.write(BarRun(key: Self.key, bars: bars, provenance: provenance))
        let now = Self.opening.advanced(bySeconds: 3_600 + seconds)
        let source = CountingSource(now: now)
        let history = StoredHistory(source, cache: .over(store), clock: { now })
        let span = TimeRange(from: Self.time(minutes.lowerBound), to: Self.time(minutes.upperBound))
        _ = try await history.fetch(
            FetchSpan(range: span, isNewest: isNewest), of: Self.key, since: span.from, generation: 0)
        return source.ranges.first
    }

    private func minutes(_ range: TimeRange?) -> [Int64] {
        guard let range else { return [] }
        return [range.from, range.to].map { ($0.milliseconds - Self.opening.milliseconds) / 60_000 }
    }

    @Test("the overlap has three stored bars on either side not confirmed for twelve hours")
    func beside() async throws {
        #expect(minutes(try await range(of: 20..<30)) == [17, 30])
        #expect(minutes(try await range(of: 0..<10)) == [0, 12])
        #expect(minutes(try await range(of: 0..<30)) == [0, 30])
    }

    @Test("recently confirmed bars need no overlap, except the newest")
    func fresh() async throws {
        #expect(minutes(try await range(of: 20..<30, after: 600)) == [20, 30])
        #expect(minutes(try await range(of: 20..<30, after: 600, isNewest: true)) == [17, 30])
    }
}

@Suite("Spans to fetch")
struct FetchSpanTests {
    private func span(_ from: Int64, _ to: Int64) -> TimeRange {
        TimeRange(from: Timestamp(seconds: from), to: Timestamp(seconds: to))
    }

    @Test("few gaps are requested separately")
    func few() {
        let gaps = [span(0, 10), span(20, 30), span(90, 100)]
        #expect(gaps.joined(into: 3) == gaps)
    }

    @Test("of many gaps the nearest ones share a request, and none is left out")
    func many() {
        let gaps = [span(0, 10), span(20, 30), span(90, 100), span(105, 110), span(500, 510)]
        #expect(gaps.joined(into: 3) == [span(0, 30), span(90, 110), span(500, 510)])
        #expect(gaps.joined(into: 1) == [span(0, 510)])
    }
}

@Suite("The outcome of fetching unknown spans")
struct FetchOutcomeTests {
    private func gap(_ from: Int64, _ to: Int64, _ reason: String) -> Gap {
        Gap(range: TimeRange(from: Timestamp(seconds: from), to: Timestamp(seconds: to)), reason: reason)
    }

    @Test("gaps with one reason are merged where they repeat, overlap or touch")
    func joined() {
        var outcome = FetchOutcome()
        outcome.add([gap(50, 60, "missing"), gap(0, 10, "missing"), gap(5, 20, "plan_limit")])
        outcome.add([gap(0, 10, "missing"), gap(55, 70, "missing"), gap(70, 80, "missing")])
        #expect(outcome.gaps == [gap(0, 10, "missing"), gap(5, 20, "plan_limit"), gap(50, 80, "missing")])
    }
}
