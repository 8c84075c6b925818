public import MarketData

/// A `timescale_update` or `du`: bars and studies of one chart session.
public struct ChartUpdate: Hashable, Sendable {
    /// The chart session.
    public var session: SessionID
    /// One block a series or study. May be empty: then only time points came, which does not mean "no data".
    public var blocks: [ChartBlock]
    /// The time scale; `nil` in a `du`.
    public var scale: TimeScale?
    /// The server's clock; `nil` where it is not said, as in a `du`.
    public var serverTime: Timestamp?

    /// An update from its parts.
    public init(session: SessionID, blocks: [ChartBlock], scale: TimeScale? = nil, serverTime: Timestamp? = nil) {
        self.session = session
        self.blocks = blocks
        self.scale = scale
        self.serverTime = serverTime
    }

    /// The block of a series; `nil` where the update does not mention it.
    public func block(_ id: String) -> ChartBlock? { blocks.first { $0.id == id } }
}

/// What a chart update says of one series, study or drawing.
public struct ChartBlock: Hashable, Sendable {
    /// What the block describes, found by the key of its rows.
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
    /// The client's mark for the request that this responds to; `nil` where the block has none.
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

/// What a message says of the chart session's time scale. Bars are keyed by time, so only its size is kept.
public struct TimeScale: Hashable, Sendable {
    /// Where the points begin.
    public var index: Int?
    /// How far the zero has moved.
    public var zeroOffset: Int?
    /// How many time points came.
    public var changes: Int

    /// A time scale from its parts.
    public init(index: Int? = nil, zeroOffset: Int? = nil, changes: Int = 0) {
        self.index = index
        self.zeroOffset = zeroOffset
        self.changes = changes
    }
}

/// Which series or study a message is about, and which of the client's requests it responds to.
public struct SeriesReference: Hashable, Sendable {
    /// The chart session.
    public let session: SessionID
    /// The name that the client gave the series or study.
    public let id: String
    /// The client's mark for the request, such as `s1`; a message whose turnaround is not the current one is stale.
    public let turnaround: String

    /// A reference from its parts.
    public init(session: SessionID, id: String, turnaround: String) {
        self.session = session
        self.id = id
        self.turnaround = turnaround
    }
}
