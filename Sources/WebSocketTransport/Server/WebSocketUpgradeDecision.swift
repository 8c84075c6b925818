public import HTTPTypes

/// What a server makes of a request to upgrade.
public enum WebSocketUpgradeDecision: Sendable {
    /// Runs one connection; when it returns, the connection is closed with 1000, when it throws, with 1011.
    public typealias Handler =
        @Sendable (WebSocketInbound, WebSocketOutbound, WebSocketContext) async throws -> Void

    /// Not a WebSocket: the router answers the request as any other.
    case refuse
    /// Switch, with these further headers on the 101 answer, and run the handler.
    case upgrade(HTTPFields = [:], handler: Handler)
}
