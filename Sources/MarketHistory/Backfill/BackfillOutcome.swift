public import MarketData
public import MarketStore

/// The outcome of the backfill of one series.
public struct BackfillOutcome: Sendable {
    /// The series.
    public let key: SeriesKey
    /// The number of bars that were missing, by the calendar.
    public internal(set) var missing = 0
    /// The number of requests sent to the source.
    public internal(set) var requests = 0
    /// The bars written.
    public internal(set) var written = WriteOutcome()
    /// The number of bars still missing.
    public internal(set) var remaining = 0
    /// The first instant kept by the retention policy, if more was ordered; older bars were not requested.
    public internal(set) var keptSince: Timestamp?
    /// Why the source returned less than requested; `nil` if it returned everything.
    public internal(set) var shortfall: BarSeries.Shortfall?
    /// The source of the newest response; `nil` if nothing was requested.
    public internal(set) var provenance: Provenance?
    /// The source's failure; bars received before it are kept.
    public internal(set) var error: MarketDataError?
    /// How often all prices of the series changed, so that stored bars were fetched again.
    public internal(set) var rebased = 0

    init(key: SeriesKey) { self.key = key }

    /// Whether nothing is missing any more.
    public var isComplete: Bool { error == nil && remaining == 0 }

    /// The outcome for the record of a job, as of a moment.
    public func result(at now: Timestamp) -> BackfillResult {
        let state: BackfillResult.State = error != nil ? .failed : remaining > 0 ? .partial : .complete
        let reason = error.map { "\($0.code.rawValue): \($0.message)" } ?? shortfall?.rawValue
        return BackfillResult(
            state: state, settled: now, inserted: written.inserted, revised: written.revised, remaining: remaining,
            reason: state == .complete ? nil : reason)
    }

    /// - Throws: `MarketDataError` where the prices of the series changed too often.
    mutating func add(_ admission: Admission, mostGenerations: Int) throws(MarketDataError) {
        rebased += admission.verdict == .newGeneration ? 1 : 0
        written.add(admission.written)
        guard rebased < mostGenerations else {
            throw MarketDataError(
                .upstreamUnreadable,
                "all prices of \(key) changed \(rebased) times while it was fetched; the source contradicts itself",
                source: provenance?.source)
        }
    }
}

/// The progress of the backfill of one series.
public struct BackfillProgress: Hashable, Sendable {
    /// The series.
    public let key: SeriesKey
    /// The number of bars missing at the beginning.
    public let missing: Int
    /// The number of them that are settled: stored, or known not to exist.
    public let done: Int
}
