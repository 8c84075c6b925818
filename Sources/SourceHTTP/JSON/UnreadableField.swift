/// A field of an answer that is not what it should be.
public struct UnreadableField: Error, Hashable, Sendable {
    /// Where it stands, such as `body.oiData.25050.callOi`.
    public let path: String
    /// What was expected and what was there.
    public let reason: String

    /// A field by its path, and what is wrong with it.
    public init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    /// `body.oiData.25050.callOi: expected a number, found 'n/a'`.
    public var words: String { "\(path): \(reason)" }
}
