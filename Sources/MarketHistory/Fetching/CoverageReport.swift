public import MarketData
public import MarketStore

extension SeriesCoverage {
    /// Reads the coverage of a series from a store.
    /// - Parameters:
    ///   - key: The series.
    ///   - range: The range of the survey; `nil` for all that the store knows, up to now.
    ///   - store: The store of the series.
    ///   - calendars: Which bars must exist, besides the instrument's hours from the source.
    ///   - now: The time; what comes after it is not missing.
    ///   - isFolding: Whether nights and holidays between two spans of one kind belong to them.
    ///   - onlyMissing: Whether to report only what is missing.
    /// - Throws: `StoreError`.
    public static func survey(
        of key: SeriesKey, over range: TimeRange?, in store: any BarStore & InstrumentStore,
        calendars: SeriesCalendars, now: Timestamp, isFolding: Bool = true, onlyMissing: Bool = false
    ) async throws(StoreError) -> SeriesCoverage {
        let summary = try await store.series().first { $0.key == key }
        let instrument = try await store.instrument(of: key.symbol)
        let boundaries = calendars.boundaries(of: key, instrument: instrument)
        var unjudged: String?
        if boundaries == nil, key.hours == .regular,
            case .unknown(.unreadable(let reason)) = InstrumentCalendar(of: key.symbol, instrument: instrument)
        {
            unjudged = reason
        }
        let whole = try await SeriesCoverage.known(summary, of: key, in: store, now: now)
        let survey = try await SeriesSurvey(
            of: key, over: range ?? whole, in: store, boundaries: boundaries, now: now)
        let all = isFolding ? folded(survey.spans) : survey.spans
        var spans: [Span] = []
        for span in all where !onlyMissing || span.state == .missing {
            var isOutdated = false
            if span.state == .missing, summary?.formerBars ?? 0 > 0 {
                isOutdated = try await !store.formerBars(of: key, in: span.range, limit: 1).bars.isEmpty
            }
            spans.append(isOutdated ? Span(range: span.range, state: .missing, reason: "outdated") : span)
        }
        return SeriesCoverage(
            request: BarRequest(key, span: .range(survey.range)), asOf: now, isJudgedByCalendar: boundaries != nil,
            unjudged: unjudged, spans: spans, missingSpans: all.count { $0.state == .missing },
            missingBars: survey.plan(pageSize: .max).bars, bars: summary?.bars ?? 0, first: summary?.first,
            last: summary?.last, revisions: summary?.revisions ?? 0)
    }

    /// All that the store knows, up to now; empty where it knows nothing.
    private static func known(
        _ summary: SeriesSummary?, of key: SeriesKey, in store: any BarStore, now: Timestamp
    ) async throws(StoreError) -> TimeRange {
        let data = try await store.coverage(of: key).spans.first { $0.state == .hasData }
        let first = [summary?.first, data?.range.from].compactMap { $0 }.min() ?? now
        return TimeRange(from: min(first, now), to: now)
    }

    static func folded(_ spans: [Span]) -> [Span] {
        var folded: [Span] = []
        for span in spans {
            if let before = folded.dropLast().last, folded.last?.reason == "closed", before.state == span.state,
                before.reason == span.reason
            {
                folded.removeLast(2)
                folded.append(before.extended(to: span.range.to))
            } else {
                folded.append(span)
            }
        }
        return folded
    }
}
