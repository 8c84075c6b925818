/// A span within a series that should hold bars and does not.
public struct Gap: Hashable, Sendable {
    /// The span.
    public let range: TimeRange
    /// Why it is empty, in a word, such as `disconnected`.
    public let reason: String

    /// A gap and its reason.
    public init(range: TimeRange, reason: String) {
        self.range = range
        self.reason = reason
    }
}
