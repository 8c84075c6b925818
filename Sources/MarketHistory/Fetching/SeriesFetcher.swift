import MarketData
import MarketStore

/// Fetches a span of a series with an overlap of stored bars, and admits the response with what it proves. The server
/// and a backfill fetch alike.
struct SeriesFetcher: Sendable {
    /// A response, and how it compares with the stored bars.
    struct Page: Sendable {
        let series: BarSeries
        let reach: FetchedPage.Reach
        let admission: Admission

        /// The older part of the span, where the source ended before it and may have returned less than it has: the
        /// source reports the limit of one request and that of the plan alike.
        func rest(of span: MissingSpans.Span) -> MissingSpans.Span? {
            guard case .ends(let reason) = reach, reason != .recordingEnds, let first = series.bars.first?.time,
                first > span.range.from, first < span.range.to
            else { return nil }
            return MissingSpans.Span(
                range: TimeRange(from: span.range.from, to: first), isNewest: false, isKept: span.isKept)
        }

        /// Whether the span was fetched for a generation that is no longer the current one: what is missing must be
        /// planned again.
        var isPlanObsolete: Bool { admission.verdict != .appended }
    }

    /// How many stored bars on either side are fetched again.
    static let overlapBars = 3
    /// Bars that were confirmed so long ago at most are on the level still: prices change over night.
    private static let freshSeconds: Int64 = 12 * 3_600
    /// Stored bars that are farther away than this, for a night and holidays, are not fetched together with a span.
    private static let nearSeconds: Int64 = 10 * 86_400

    let store: any BarStore
    let clock: @Sendable () -> Timestamp
    /// Where the bars of a series begin and end, as far as is known after a response.
    let boundaries: @Sendable (SeriesKey) async throws(StoreError) -> BarBoundaries?
    /// Sends the request, and stores what the source reports of the instrument.
    let ask: @Sendable (BarRequest) async throws -> BarSeries
    /// Admits a run into the store.
    let keep: @Sendable (BarRun, Admission.Condition) async throws(StoreError) -> Admission

    /// Fetches a span.
    /// - Parameters:
    ///   - limits: Up to where nothing else is missing.
    ///   - oldest: Where the whole order begins: up to there all is known to be empty where history begins later.
    ///   - generation: The one that the span is missing in.
    /// - Throws: `MarketDataError`, `StoreError`, `CancellationError`.
    func fetch(
        _ span: MissingSpans.Span, of key: SeriesKey, within limits: TimeRange = .always, since oldest: Timestamp,
        generation: Int
    ) async throws -> Page {
        let range = try await overlapping(span, of: key, within: limits)
        let series = try await ask(BarRequest(key, span: .range(range)))
        let answer = FetchedPage(
            series, to: range, of: key, since: min(oldest, range.from), boundaries: try await boundaries(key))
        let run = span.isKept ? answer.run : answer.run.bars(since: span.range.to)
        return Page(series: series, reach: answer.reach, admission: try await admit(run, generation: generation))
    }

    /// Admits a response. Stored bars that it must be compared with first are fetched again.
    /// - Throws: as `fetch`.
    func admit(_ run: BarRun, generation: Int) async throws -> Admission {
        let since = run.provenance.asOf.advanced(bySeconds: -SeriesFetcher.freshSeconds)
        let admission = try await keep(run, Admission.Condition(generation: generation, confirmedSince: since))
        guard case .needsOverlap(let range) = admission.verdict,
            try await store.generation(of: run.key) == generation
        else { return admission }
        let overlap = try await ask(BarRequest(run.key, span: .range(range)))
        let compared = try await keep(
            BarRun(key: run.key, bars: overlap.bars, provenance: overlap.provenance),
            Admission.Condition(generation: generation))
        // What the source shows no more cannot be compared, and speaks against nothing.
        return compared.verdict == .appended
            ? try await keep(run, Admission.Condition(generation: generation)) : compared
    }

    /// The span and the stored bars beside it that were not confirmed lately. Of the newest span those before it are
    /// taken however young they are, and none after it.
    private func overlapping(
        _ span: MissingSpans.Span, of key: SeriesKey, within limits: TimeRange
    ) async throws(StoreError) -> TimeRange {
        let reach = SeriesFetcher.nearSeconds + Int64(SeriesFetcher.overlapBars) * key.interval.longestSeconds
        let nearest = max(limits.from, span.range.from.advanced(bySeconds: -reach))
        let farthest = min(limits.to, span.range.to.advanced(bySeconds: reach))
        let fresh = clock().advanced(bySeconds: -SeriesFetcher.freshSeconds)
        func isOld(_ bars: StoredBars) -> Bool { bars.stretches.contains { $0.provenance.asOf < fresh } }
        let before = try await store.newestBars(of: key, count: SeriesFetcher.overlapBars, before: span.range.from)
            .filter { $0.isFinal && $0.time >= nearest }
        let from = span.isNewest || isOld(before) ? before.bars.first?.time : nil
        var to: Timestamp?
        if !span.isNewest, span.range.to < farthest {
            let after = try await store.bars(
                of: key, in: TimeRange(from: span.range.to, to: farthest), limit: SeriesFetcher.overlapBars
            ).filter(\.isFinal)
            to = isOld(after) ? after.bars.last.map { Timestamp(milliseconds: $0.time.milliseconds + 1) } : nil
        }
        return TimeRange(from: from ?? span.range.from, to: to ?? span.range.to)
    }
}

extension BarRun {
    /// Only the bars from an instant on, which are compared and kept; of the time it proves nothing.
    fileprivate func bars(since time: Timestamp) -> BarRun {
        BarRun(key: key, bars: bars.filter { $0.time >= time }, provenance: provenance)
    }
}

/// What a source's response to one page proves, and whether to request older pages. Pure.
struct FetchedPage {
    /// How far the source's history reaches.
    enum Reach: Hashable {
        /// Over the whole page.
        case whole
        /// It begins within or after the page: nothing older exists.
        case historyBegins
        /// The source shows nothing older, though it may exist.
        case ends(BarSeries.Shortfall)

        /// Why the source shows nothing older, though it may exist.
        var shortfall: BarSeries.Shortfall? {
            if case .ends(let reason) = self { reason } else { nil }
        }
    }

    /// Absence is proven only of bars that were over this long ago; a source may be late with the newest ones.
    static let settlingSeconds: Int64 = 600

    /// What is to be kept.
    let run: BarRun
    /// How far the source's history reaches.
    let reach: Reach

    /// - Parameters:
    ///   - series: The response.
    ///   - page: The requested page.
    ///   - oldest: Where the whole order begins; up to there all is known to be empty where history begins later.
    init(
        _ series: BarSeries, to page: TimeRange, of key: SeriesKey, since oldest: Timestamp, boundaries: BarBoundaries?
    ) {
        let first = series.bars.first?.time ?? page.to
        var coverage = CoverageMap()
        var answered = page
        switch series.shortfall {
        case nil: reach = .whole
        case .startOfHistory:
            reach = .historyBegins
            answered = TimeRange(from: max(page.from, min(first, page.to)), to: page.to)
            let before = TimeRange(from: oldest, to: min(answered.from, series.provenance.asOf))
            coverage.add(CoverageSpan(before, .empty(.beforeHistory)))
        case .planLimit?, .recordingEnds?, .more?:
            reach = .ends(series.shortfall ?? .planLimit)
            answered = TimeRange(from: max(page.from, min(first, page.to)), to: page.to)
        }
        let openings = series.bars.lazy.filter(\.isFinal).map(\.time)
        coverage.add(
            CoverageMap(
                answered: answered, at: FetchedPage.settled(series, key.interval), openings: openings,
                boundaries: boundaries))
        for gap in series.gaps { coverage.remove(gap.range) }
        run = BarRun(key: key, bars: series.bars, provenance: series.provenance, coverage: coverage)
    }

    /// The end of the part that is complete.
    private static func settled(_ series: BarSeries, _ interval: Interval) -> Timestamp {
        let asOf = series.provenance.asOf
        let old = asOf.advanced(bySeconds: -settlingSeconds)
        guard let seconds = interval.seconds, let last = series.bars.last(where: \.isFinal) else { return old }
        return max(old, min(asOf, last.time.advanced(bySeconds: seconds)))
    }
}
