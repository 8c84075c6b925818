import MarketData
import MarketStore

/// Fetches spans of a series with an overlap of stored bars, and admits the responses with their coverage. The server
/// and a backfill both use it.
protocol SeriesFetcher: Sendable {
    var store: any BarStore & InstrumentStore { get }
    var clock: @Sendable () -> Timestamp { get }

    /// Where the bars of a series begin and end, as far as is known.
    func boundaries(of key: SeriesKey) async throws(StoreError) -> BarBoundaries?
    /// Sends a request to the source, and stores what the response reports of the instrument.
    func fetch(_ request: BarRequest) async throws -> BarSeries
    /// Admits a run into the store.
    func admit(_ run: BarRun, if condition: Admission.Condition) async throws(StoreError) -> Admission
}

/// The response to the request for a span, and how it compares with the stored bars.
struct FetchedSpan: Sendable {
    let span: FetchSpan
    let series: BarSeries
    let admission: Admission

    /// The older part of the span, where the source ended before it and may have returned less than it has: the source
    /// reports the limit of one request and that of the plan alike.
    var rest: FetchSpan? {
        guard series.shortfall == .planLimit || series.shortfall == .more, let first = series.bars.first?.time,
            first > span.range.from, first < span.range.to
        else { return nil }
        return FetchSpan(range: TimeRange(from: span.range.from, to: first), isKept: span.isKept)
    }

    /// Whether the span was fetched for a generation that is no longer the current one: what is missing must be
    /// planned again.
    var isPlanObsolete: Bool { admission.verdict != .appended }
}

/// The prices of bars that were confirmed more recently have not been adjusted since: that happens overnight.
private let freshSeconds: Int64 = 12 * 3_600
/// Stored bars that are farther away than this, for a night and holidays, are not fetched together with a span.
private let nearSeconds: Int64 = 10 * 86_400

extension SeriesFetcher {
    /// Fetches a span.
    /// - Parameters:
    ///   - limits: Up to where nothing else is missing.
    ///   - oldest: Where the whole order begins: up to there all is known to be empty where history begins later.
    ///   - generation: The one that the span is missing in.
    /// - Throws: `MarketDataError`, `StoreError`, `CancellationError`.
    func fetch(
        _ span: FetchSpan, of key: SeriesKey, within limits: TimeRange = .always, since oldest: Timestamp,
        generation: Int
    ) async throws -> FetchedSpan {
        let range = try await overlapping(span, of: key, within: limits)
        let series = try await fetch(BarRequest(key, span: .range(range)))
        var run = BarRun(
            series, to: range, of: key, since: min(oldest, range.from), boundaries: try await boundaries(of: key))
        if !span.isKept {
            // Only the bars after it are compared and kept, without coverage.
            run = BarRun(key: key, bars: run.bars.filter { $0.time >= span.range.to }, provenance: run.provenance)
        }
        return FetchedSpan(span: span, series: series, admission: try await admit(run, generation: generation))
    }

    /// Admits a response. Stored bars that it must be compared with first are fetched again.
    /// - Throws: as `fetch`.
    func admit(_ run: BarRun, generation: Int) async throws -> Admission {
        let since = run.provenance.asOf.advanced(bySeconds: -freshSeconds)
        let admission = try await admit(run, if: Admission.Condition(generation: generation, confirmedSince: since))
        guard case .needsOverlap(let range) = admission.verdict,
            try await store.generation(of: run.key) == generation
        else { return admission }
        let overlap = try await fetch(BarRequest(run.key, span: .range(range)))
        let compared = try await admit(
            BarRun(key: run.key, bars: overlap.bars, provenance: overlap.provenance),
            if: Admission.Condition(generation: generation))
        // What the source does not show any more cannot be compared; the run is kept nevertheless.
        guard compared.verdict == .appended else { return compared }
        return try await admit(run, if: Admission.Condition(generation: generation))
    }

    /// The span and the stored bars beside it that were not confirmed lately. Of the newest span those before it are
    /// taken however young they are, and none after it.
    private func overlapping(
        _ span: FetchSpan, of key: SeriesKey, within limits: TimeRange
    ) async throws(StoreError) -> TimeRange {
        let count = Admission.overlapBars
        let reach = nearSeconds + Int64(count) * key.interval.longestSeconds
        let fresh = clock().advanced(bySeconds: -freshSeconds)
        func isOld(_ bars: StoredBars) -> Bool { bars.stretches.contains { $0.provenance.asOf < fresh } }
        var (from, to) = (span.range.from, span.range.to)
        let nearest = max(limits.from, from.advanced(bySeconds: -reach))
        let before = try await store.newestBars(of: key, count: count, before: from)
            .filter { $0.isFinal && $0.time >= nearest }
        if let first = before.bars.first, span.isNewest || isOld(before) { from = first.time }
        if !span.isNewest {
            let beside = TimeRange(from: to, to: min(limits.to, to.advanced(bySeconds: reach)))
            let after = try await store.bars(of: key, in: beside, limit: count).filter(\.isFinal)
            if let last = after.bars.last, isOld(after) { to = last.time.next }
        }
        return TimeRange(from: from, to: to)
    }
}

extension BarRun {
    /// Only bars that were over this long ago are known to be absent; a source may be late with the newest ones.
    static let settlingSeconds: Int64 = 600

    /// A response with its coverage.
    /// - Parameters:
    ///   - range: What was requested.
    ///   - oldest: Where the whole order begins; up to there all is known to be empty where history begins later.
    init(
        _ series: BarSeries, to range: TimeRange, of key: SeriesKey, since oldest: Timestamp, boundaries: BarBoundaries?
    ) {
        let asOf = series.provenance.asOf
        let length = key.interval.seconds
        let newest = series.bars.last(where: \.isFinal).flatMap { bar in length.map(bar.time.advanced(bySeconds:)) }
        let settled = asOf.advanced(bySeconds: -BarRun.settlingSeconds)
        // Where the source shows less than was requested, it responded from its first bar on.
        let first = series.shortfall == nil ? range.from : series.bars.first?.time ?? range.to
        let complete = TimeRange(from: max(range.from, min(first, range.to)), to: range.to)
        var coverage = CoverageMap(
            complete: complete, at: max(settled, min(asOf, newest ?? settled)),
            openings: series.bars.lazy.filter(\.isFinal).map(\.time), boundaries: boundaries)
        if series.shortfall == .startOfHistory {
            let before = TimeRange(from: oldest, to: min(complete.from, asOf))
            coverage.add(CoverageSpan(before, .empty(.beforeHistory)))
        }
        for gap in series.gaps { coverage.remove(gap.range) }
        self.init(key: key, bars: series.bars, provenance: series.provenance, coverage: coverage)
    }

    /// A response to a request for the newest bars: it responded from its first bar on. `nil` without bars.
    /// - Parameter end: Of what comes after it nothing was requested.
    init?(newest series: BarSeries, of key: SeriesKey, before end: Timestamp? = nil, boundaries: BarBoundaries?) {
        guard let first = series.bars.first?.time, let last = series.bars.last?.time else { return nil }
        let to = max(series.provenance.asOf, last.advanced(bySeconds: 1))
        self.init(
            series, to: TimeRange(from: first, to: min(to, end ?? to)), of: key, since: first, boundaries: boundaries)
    }
}

extension BarRequest {
    /// A request for bars of a series.
    init(_ key: SeriesKey, span: Span) {
        self.init(
            symbol: key.symbol, interval: key.interval, span: span, hours: key.hours, adjustment: key.adjustment,
            backAdjusted: key.backAdjusted)
    }
}
