public import MarketData

/// A part of a backfill: one series over a span of time.
public struct BackfillOrder: Hashable, Sendable {
    /// The series.
    public let key: SeriesKey
    /// The first bar that the store is to have opens then or later.
    public let from: Timestamp
    /// Bars that open then or later are not wanted; `nil` for up to the moment of the work.
    public let to: Timestamp?

    /// An order from its parts.
    public init(_ key: SeriesKey, from: Timestamp, to: Timestamp?) {
        self.key = key
        self.from = from
        self.to = to
    }

    /// The span as of a moment; `nil` where it has not begun by then.
    public func range(now: Timestamp) -> TimeRange? {
        let end = to ?? now
        return from < end ? TimeRange(from: from, to: end) : nil
    }
}
