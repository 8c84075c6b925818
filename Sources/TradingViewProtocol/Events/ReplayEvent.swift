public import JSON

/// What the server says in a replay session.
public enum ReplayEvent: Hashable, Sendable {
    case ok(request: String)
    case error(request: String, reason: String)
    case point(index: Double)
    case instance(id: String)
    case resolutions([JSONValue])
    case dataEnd([JSONValue])
}
