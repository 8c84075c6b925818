import NIOCore
import NIOHTTP1
import NIOWebSocket

/// How a server answered the upgrade.
enum ClientUpgradeOutcome: Sendable {
    case upgraded(WebSocketConnection)
    case refused(EventLoopFuture<UpgradeRefusal>)

    func connection(
        orFailingWith failure: HandshakeFailure,
        on loop: any EventLoop
    ) -> EventLoopFuture<WebSocketConnection> {
        switch self {
        case .upgraded(let connection): loop.makeSucceededFuture(connection)
        case .refused(let refusal): refusal.flatMapThrowing { throw failure.ofRefusal($0) }
        }
    }
}

/// The client's half of the opening handshake; key and answer are NIO's, what follows is ours.
struct ClientUpgrader: NIOTypedHTTPClientProtocolUpgrader {
    typealias UpgradeResult = ClientUpgradeOutcome

    let supportedProtocol = "websocket"
    let requiredUpgradeHeaders: [String] = []

    private let configuration: WebSocketConfiguration
    private let handshake: NIOTypedWebSocketClientUpgrader<Void>

    init(configuration: WebSocketConfiguration) {
        self.configuration = configuration
        handshake = NIOTypedWebSocketClientUpgrader { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
    }

    func addCustom(upgradeRequestHeaders headers: inout HTTPHeaders) {
        handshake.addCustom(upgradeRequestHeaders: &headers)
    }

    /// Whether the accept value fits our key and nothing was agreed that we did not ask for.
    func shouldAllowUpgrade(upgradeResponse response: HTTPResponseHead) -> Bool {
        handshake.shouldAllowUpgrade(upgradeResponse: response)
            && !response.headers.contains(name: "Sec-WebSocket-Extensions")
    }

    func upgrade(channel: any Channel, upgradeResponse: HTTPResponseHead) -> EventLoopFuture<ClientUpgradeOutcome> {
        channel.eventLoop.makeCompletedFuture {
            .upgraded(try WebSocketConnection(on: channel, role: .client, configuration: configuration))
        }
    }
}
