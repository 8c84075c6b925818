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

    /// The block of a series; `nil` where the update does not speak of it.
    public func block(_ id: String) -> ChartBlock? { blocks.first { $0.id == id } }
}
