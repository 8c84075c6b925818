/// A span of time that holds its start and not its end.
public struct TimeRange: Hashable, Sendable {
    /// The first instant of the span.
    public let from: Timestamp
    /// The first instant after it.
    public let to: Timestamp

    /// A span between two instants.
    public init(from: Timestamp, to: Timestamp) {
        self.from = from
        self.to = to
    }

    /// Whether the instant lies in the span.
    public func contains(_ time: Timestamp) -> Bool { from <= time && time < to }
}
