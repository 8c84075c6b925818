public import HTTPTypes
public import HummingbirdCore

extension HTTPServerBuilder {
    /// Decides about one request to upgrade; one that throws refuses.
    public typealias ShouldUpgradeToWebSocket =
        @Sendable (HTTPRequest) async throws -> WebSocketUpgradeDecision

    /// An HTTP/1.1 server whose connections may become WebSockets: REST and WebSocket on one port.
    ///
    /// Wrap it in HummingbirdTLS's `.tls(_:tlsConfiguration:)` for `https` and `wss`. A refused upgrade is answered by the
    /// router, as any other request. A graceful shutdown closes open WebSockets with 1001. Extensions that a client
    /// offers (permessage-deflate) are not agreed to.
    public static func webSocketUpgrade(
        configuration: WebSocketServerConfiguration = WebSocketServerConfiguration(),
        shouldUpgrade: @escaping ShouldUpgradeToWebSocket
    ) -> HTTPServerBuilder {
        let clients = configuration.connectionsPerClient.map { ClientConnectionLimit($0) }
        return HTTPServerBuilder { responder in
            WebSocketUpgradeChannel(
                http: HTTP1Channel(responder: responder),
                configuration: configuration,
                shouldUpgrade: shouldUpgrade,
                clients: clients
            )
        }
    }
}
