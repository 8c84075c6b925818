public import Logging

/// Opens WebSocket connections.
public enum WebSocketClient {
    /// Connects, runs the body and closes.
    ///
    /// The connection lives as long as the body: it is closed with 1000 when the body returns, and at once when it
    /// throws or its task is cancelled. Errors of connecting, and of the connection itself, are ``WebSocketError``; what
    /// the body throws is passed on.
    /// - Parameter url: `ws://host:port/path?query` or `wss://...`; the query is sent as it stands.
    public static func connect<R: Sendable>(
        to url: String,
        configuration: WebSocketClientConfiguration = WebSocketClientConfiguration(),
        logger: Logger,
        isolation: isolated (any Actor)? = #isolation,
        body: (WebSocketInbound, WebSocketOutbound) async throws -> R
    ) async throws -> R {
        let connector = WebSocketConnector(url: try WebSocketURL(url), configuration: configuration)
        let connection = try await connector.connect()
        logger.debug(
            "WebSocket connected", metadata: ["host": "\(connector.url.host)", "port": "\(connector.url.port)"])
        return try await connection.run(role: .client, isolation: isolation, body)
    }
}
