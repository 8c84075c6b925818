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
