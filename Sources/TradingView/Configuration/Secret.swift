/// A text that must not be seen: a token or a cookie. However it is printed, it reads `<secret>`.
public struct Secret: Hashable, Sendable {
    /// The text itself, for the one place that has to send it.
    public let exposed: String

    /// Hides a text.
    public init(_ text: String) { exposed = text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `<secret>`.
    public var description: String { "<secret>" }

    /// `<secret>`.
    public var debugDescription: String { "<secret>" }

    /// Shows `dump` nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
