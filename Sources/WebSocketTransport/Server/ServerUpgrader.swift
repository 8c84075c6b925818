import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import NIOWebSocket
import Synchronization

/// The server's half of the opening handshake; key and answer are NIO's, the decision and what follows are ours.
///
/// One is made for each connection, and a connection upgrades at most once.
final class ServerUpgrader: NIOTypedHTTPServerProtocolUpgrader, Sendable {
    typealias UpgradeResult = ServerUpgradeOutcome

    private struct Accepted {
        let request: HTTPRequest
        let headers: HTTPFields
        let handler: WebSocketUpgradeDecision.Handler
    }

    let supportedProtocol = "websocket"
    let requiredUpgradeHeaders: [String] = []

    private let configuration: WebSocketConfiguration
    private let shouldUpgrade: HTTPServerBuilder.ShouldUpgradeToWebSocket
    private let logger: Logger
    private let accepted = Mutex<Accepted?>(nil)

    init(
        configuration: WebSocketConfiguration,
        shouldUpgrade: @escaping HTTPServerBuilder.ShouldUpgradeToWebSocket,
        logger: Logger
    ) {
        self.configuration = configuration
        self.shouldUpgrade = shouldUpgrade
        self.logger = logger
    }

    /// Asks the server's owner; the answer is kept for the upgrade that follows.
    func accepts(_ head: HTTPRequestHead) async -> Bool {
        do {
            let request = try HTTPRequest(head, secure: false, splitCookie: false)
            guard case .upgrade(let headers, let handler) = try await shouldUpgrade(request) else { return false }
            accepted.withLock { $0 = Accepted(request: request, headers: headers, handler: handler) }
            return true
        } catch {
            logger.debug("A WebSocket upgrade was refused by an error", metadata: ["error": "\(error)"])
            return false
        }
    }

    func buildUpgradeResponse(
        channel: any Channel,
        upgradeRequest: HTTPRequestHead,
        initialResponseHeaders: HTTPHeaders
    ) -> EventLoopFuture<HTTPHeaders> {
        let headers = accepted.withLock { $0.map { HTTPHeaders($0.headers) } }
        let handshake = NIOTypedWebSocketServerUpgrader<Void>(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(headers) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        )
        return handshake.buildUpgradeResponse(
            channel: channel,
            upgradeRequest: upgradeRequest,
            initialResponseHeaders: initialResponseHeaders
        )
    }

    func upgrade(channel: any Channel, upgradeRequest: HTTPRequestHead) -> EventLoopFuture<ServerUpgradeOutcome> {
        channel.eventLoop.makeCompletedFuture {
            guard let accepted = accepted.withLock({ $0 }) else { throw ChannelError.inappropriateOperationForState }
            let connection = try WebSocketConnection(on: channel, role: .server, configuration: configuration)
            return .webSocket(connection, accepted.request, accepted.handler)
        }
    }
}
