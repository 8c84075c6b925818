public import MarketData

/// What the store holds of one series, in figures.
public struct SeriesSummary: Hashable, Sendable {
    /// The series.
    public let key: SeriesKey
    /// How many bars, forming ones included.
    public let bars: Int
    /// The opening of the oldest bar; `nil` where there is none.
    public let first: Timestamp?
    /// The opening of the newest bar; `nil` where there is none.
    public let last: Timestamp?
    /// How many former values of final bars are kept.
    public let revisions: Int

    /// A summary from its parts.
    public init(key: SeriesKey, bars: Int, first: Timestamp?, last: Timestamp?, revisions: Int) {
        self.key = key
        self.bars = bars
        self.first = first
        self.last = last
        self.revisions = revisions
    }
}
