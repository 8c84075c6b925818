public import MarketData
public import MarketStore

/// What became of the backfill of one series.
public struct BackfillOutcome: Sendable {
    /// The series.
    public let key: SeriesKey
    /// How many bars the store lacked, as far as the calendar tells.
    public internal(set) var lacking = 0
    /// How many questions were put to the source.
    public internal(set) var questions = 0
    /// What was written.
    public internal(set) var written = WriteOutcome()
    /// How many bars the store still lacks.
    public internal(set) var remaining = 0
    /// Why the source showed less than was asked for; `nil` where it showed all.
    public internal(set) var shortfall: BarSeries.Shortfall?
    /// Where the newest answer came from; `nil` where nothing was asked.
    public internal(set) var provenance: Provenance?
    /// Why the source failed; what came before that is kept.
    public internal(set) var error: MarketDataError?

    init(key: SeriesKey) { self.key = key }

    /// Whether nothing is missing any more.
    public var isComplete: Bool { error == nil && remaining == 0 }

    mutating func add(_ more: WriteOutcome) {
        written.inserted += more.inserted
        written.updated += more.updated
        written.confirmed += more.confirmed
        written.revised += more.revised
    }
}
