public import MarketData

/// What a chart update says of one series, study or drawing.
public struct ChartBlock: Hashable, Sendable {
    /// What the block describes, told by the key that its rows stand under.
    public enum Kind: Hashable, Sendable {
        /// Prices, under `s`.
        case series
        /// A study's rows, under `st`.
        case study
        /// A drawing's points, under `plots`; they are checked and left out.
        case drawing
        /// None of these.
        case other
    }

    /// The name that the client gave the series or study.
    public var id: String
    /// What the block describes.
    public var kind: Kind
    /// The client's mark for the request that this answers; `nil` where the block has none.
    public var turnaround: String?
    /// The bars of a series, in the order sent; one may replace a former one of the same time.
    public var bars: [SeriesBar]
    /// When the last bar closes.
    public var barCloseTime: Timestamp?
    /// What a study says; `nil` in any other block.
    public var study: StudyData?

    /// A block from its parts.
    public init(
        id: String,
        kind: Kind,
        turnaround: String? = nil,
        bars: [SeriesBar] = [],
        barCloseTime: Timestamp? = nil,
        study: StudyData? = nil
    ) {
        self.id = id
        self.kind = kind
        self.turnaround = turnaround
        self.bars = bars
        self.barCloseTime = barCloseTime
        self.study = study
    }
}
