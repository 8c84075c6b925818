import JSON

/// A part of the exchange's day, such as `regular`, `premarket` or `extended`.
public struct Subsession: Hashable, Sendable {
    /// Its name.
    public let id: String
    /// The hours, such as `0400-0930`.
    public let session: String
    /// Days with other hours, such as `0930-1300:20261127;dayoff:20250109`.
    public let correction: String?

    init?(_ value: JSONValue) {
        guard let id = value["id"]?.string, let session = value["session"]?.string else { return nil }
        self.id = id
        self.session = session
        correction = value["session-correction"]?.string
    }
}
