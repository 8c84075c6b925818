public import MarketData

/// What the store holds of one series, in figures.
public struct SeriesSummary: Hashable, Sendable {
    /// The series.
    public let key: SeriesKey
    /// How many bars of the current generation, forming ones included.
    public let bars: Int
    /// How many bars of former generations are kept, with prices of before the whole series changed.
    public let formerBars: Int
    /// The opening of the oldest bar; `nil` where there is none.
    public let first: Timestamp?
    /// The opening of the newest bar; `nil` where there is none.
    public let last: Timestamp?
    /// How many former values of final bars are kept.
    public let revisions: Int

    /// A summary from its parts.
    public init(key: SeriesKey, bars: Int, formerBars: Int = 0, first: Timestamp?, last: Timestamp?, revisions: Int) {
        self.key = key
        self.bars = bars
        self.formerBars = formerBars
        self.first = first
        self.last = last
        self.revisions = revisions
    }
}
