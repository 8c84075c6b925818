public import MarketData
public import MarketStore

/// What became of the backfill of one series.
public struct BackfillOutcome: Sendable {
    /// The series.
    public let key: SeriesKey
    /// How many bars the store lacked, as far as the calendar says.
    public internal(set) var lacking = 0
    /// How many requests were put to the source.
    public internal(set) var questions = 0
    /// What was written.
    public internal(set) var written = WriteOutcome()
    /// How many bars the store still lacks.
    public internal(set) var remaining = 0
    /// The first instant that the store's policy keeps, where more was ordered; what is older was not requested.
    public internal(set) var keptSince: Timestamp?
    /// Why the source showed less than was requested; `nil` where it showed all.
    public internal(set) var shortfall: BarSeries.Shortfall?
    /// Where the newest answer came from; `nil` where nothing was asked.
    public internal(set) var provenance: Provenance?
    /// Why the source failed; what came before that is kept.
    public internal(set) var error: MarketDataError?

    /// How often all prices of the series came back different, so that what was stored had to be fetched again.
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
        let more = admission.written
        rebased += admission.verdict == .newGeneration ? 1 : 0
        written.inserted += more.inserted
        written.updated += more.updated
        written.confirmed += more.confirmed
        written.revised += more.revised
        guard rebased < mostGenerations else {
            throw MarketDataError(
                .upstreamUnreadable,
                "all prices of \(key) changed \(rebased) times while it was fetched; the source contradicts itself",
                source: provenance?.source)
        }
    }
}

/// How far the backfill of one series has come.
public struct BackfillProgress: Hashable, Sendable {
    /// The series.
    public let key: SeriesKey
    /// How many bars the store lacked at the beginning.
    public let lacking: Int
    /// How many of them have been settled: stored, or proven not to exist.
    public let done: Int
}
