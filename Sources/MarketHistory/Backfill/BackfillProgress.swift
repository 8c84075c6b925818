public import MarketStore

/// How far the backfill of one series has come.
public struct BackfillProgress: Hashable, Sendable {
    /// The series.
    public let key: SeriesKey
    /// How many bars the store lacked at the beginning.
    public let lacking: Int
    /// How many of them have been settled: stored, or proven not to exist.
    public let done: Int
}
