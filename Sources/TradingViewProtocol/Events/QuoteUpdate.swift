public import JSON

/// A `qsd`: the fields of one quote that changed. Merge it into what is known; a cleared field is forgotten.
public struct QuoteUpdate: Hashable, Sendable {
    /// Whether the name has quotes.
    public enum Status: Hashable, Sendable {
        case ok
        /// There is none, such as `no_such_symbol`.
        case error
        case permissionDenied
        /// A word that is not known here.
        case other(String)
    }

    /// A field that an update speaks of.
    public enum Figure: Hashable, Sendable {
        case value(Double)
        /// Null, or 1e+100, which stands for "unknown": what was known no longer counts.
        case cleared
    }

    /// The quote session.
    public var session: SessionID
    /// The name exactly as it was added, plain or `={…}`.
    public var name: String
    /// Whether the name has quotes.
    public var status: Status
    /// What is wrong, where the status is not ok.
    public var errorMessage: String?
    /// The changed fields, by their names on the wire.
    public var fields: [String: JSONValue]

    /// An update from its parts.
    public init(
        session: SessionID,
        name: String,
        status: Status,
        errorMessage: String? = nil,
        fields: [String: JSONValue] = [:]
    ) {
        self.session = session
        self.name = name
        self.status = status
        self.errorMessage = errorMessage
        self.fields = fields
    }
}
