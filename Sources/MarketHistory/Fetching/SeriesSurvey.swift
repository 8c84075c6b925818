public import MarketData
public import MarketStore

/// The coverage of a series over a range, as of a moment: spans with data, known to be empty, and missing.
public struct SeriesSurvey: Sendable {
    /// The series.
    public let key: SeriesKey
    /// The range of the survey.
    public let range: TimeRange
    /// Where bars begin and end; `nil` where the exchange's calendar is not known.
    public let boundaries: BarBoundaries?
    /// The moment; bars that are not over by then are not expected.
    public let now: Timestamp
    /// The first instant that the store's policy keeps, where that cuts the range; bars before it are not missing.
    public let keptSince: Timestamp?
    let coverage: CoverageMap
    let openings: [Timestamp]

    /// Asks a store. What its retention policy does not keep counts as removed, also where it never was.
    /// - Throws: `StoreError`.
    public init(
        of key: SeriesKey, over range: TimeRange, in store: any BarStore, boundaries: BarBoundaries?, now: Timestamp
    ) async throws(StoreError) {
        var coverage = try await store.coverage(of: key, in: range)
        let cutoff = try await store.retentionPolicy().cutoff(for: key.interval, now: now)
        let keptSince = cutoff.flatMap { range.from < $0 ? $0 : nil }
        if let keptSince {
            coverage.add(CoverageSpan(TimeRange(from: range.from, to: min(keptSince, range.to)), .removed))
        }
        self.init(
            of: key, over: range, coverage: coverage, openings: try await store.openings(of: key, in: range),
            boundaries: boundaries, now: now, keptSince: keptSince)
    }

    init(
        of key: SeriesKey, over range: TimeRange, coverage: CoverageMap, openings: [Timestamp],
        boundaries: BarBoundaries?, now: Timestamp, keptSince: Timestamp? = nil
    ) {
        self.key = key
        self.range = range
        self.coverage = coverage
        self.openings = openings
        self.boundaries = boundaries
        self.now = now
        self.keptSince = keptSince
    }

    /// The spans of the range that are over, ascending, without a gap between.
    public var spans: [CoverageSpan] { finder.spans(in: range, coverage: coverage, openings: openings) }

    /// The missing spans, ascending: bars must exist there, or no calendar says, and they were never requested.
    public var missing: [TimeRange] {
        spans.filter { $0.state == .missing }.map(\.range)
    }

    /// The spans that are to be fetched, ascending: missing ones, and those without trading by the calendar that
    /// were never requested.
    var unknown: [TimeRange] { finder.unknown(in: range, coverage: coverage, openings: openings) }

    /// The requests after which nothing is unknown.
    public func plan(pageSize: Int) -> FetchPlan {
        FetchPlan(
            unknown: unknown, openings: openings, interval: key.interval, boundaries: boundaries, pageSize: pageSize)
    }

    private var finder: GapFinder { GapFinder(interval: key.interval, boundaries: boundaries, now: now) }
}

extension SeriesCoverage {
    /// Reads the coverage of a series from a store.
    /// - Parameters:
    ///   - range: The range of the survey; `nil` for all that the store knows, up to now.
    ///   - calendars: Which bars must exist, besides the instrument's hours from the source.
    ///   - isFolding: Whether nights and holidays between two spans of one kind belong to them.
    ///   - onlyMissing: Whether to report missing spans only.
    /// - Throws: `StoreError`.
    public static func survey(
        of key: SeriesKey, over range: TimeRange?, in store: any BarStore & InstrumentStore,
        calendars: SeriesCalendars, now: Timestamp, isFolding: Bool = true, onlyMissing: Bool = false
    ) async throws(StoreError) -> SeriesCoverage {
        let summary = try await store.series().first { $0.key == key }
        let boundaries = try await calendars.boundaries(of: key, in: store)
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
            spans.append(Span(span, isOutdated: isOutdated))
        }
        return SeriesCoverage(
            request: BarRequest(key, span: .range(survey.range)), asOf: now, isJudgedByCalendar: boundaries != nil,
            spans: spans, missingSpans: all.count { $0.state == .missing },
            missingBars: survey.plan(pageSize: .max).bars, bars: summary?.bars ?? 0, first: summary?.first,
            last: summary?.last, revisions: summary?.revisions ?? 0)
    }

    /// All that the store knows, up to now; empty where it knows nothing.
    private static func known(
        _ summary: SeriesSummary?, of key: SeriesKey, in store: any BarStore, now: Timestamp
    ) async throws(StoreError) -> TimeRange {
        let had = try await store.coverage(of: key).spans.first { $0.state == .had }
        let first = [summary?.first, had?.range.from].compactMap { $0 }.min() ?? now
        return TimeRange(from: min(first, now), to: now)
    }

    static func folded(_ spans: [CoverageSpan]) -> [CoverageSpan] {
        var folded: [CoverageSpan] = []
        for span in spans {
            guard let last = folded.last, last.state == .empty(.closed), folded.count > 1,
                folded[folded.count - 2].state == span.state
            else {
                folded.append(span)
                continue
            }
            let start = folded[folded.count - 2].range.from
            folded.removeLast(2)
            folded.append(CoverageSpan(TimeRange(from: start, to: span.range.to), span.state))
        }
        return folded
    }
}

extension SeriesCoverage.Span {
    /// - Parameter isOutdated: Whether bars of a former generation are there.
    fileprivate init(_ span: CoverageSpan, isOutdated: Bool) {
        switch span.state {
        case .had: self.init(range: span.range, state: .had)
        case .missing: self.init(range: span.range, state: .missing, reason: isOutdated ? "outdated" : nil)
        case .removed, .empty: self.init(range: span.range, state: .empty, reason: span.state.description)
        }
    }
}
