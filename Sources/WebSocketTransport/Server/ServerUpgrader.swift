import HTTPTypes
import HummingbirdCore
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
        let handler: WebSocketUpgradeDecision.Handler
    }

    let supportedProtocol = "websocket"
    let requiredUpgradeHeaders: [String] = []

    private let configuration: WebSocketConfiguration
    private let shouldUpgrade: HTTPServerBuilder.ShouldUpgradeToWebSocket
    private let accepted = Mutex<Accepted?>(nil)

    init(
        configuration: WebSocketConfiguration,
        shouldUpgrade: @escaping HTTPServerBuilder.ShouldUpgradeToWebSocket
    ) {
        self.configuration = configuration
        self.shouldUpgrade = shouldUpgrade
    }

    func buildUpgradeResponse(
        channel: any Channel,
        upgradeRequest: HTTPRequestHead,
        initialResponseHeaders: HTTPHeaders
    ) -> EventLoopFuture<HTTPHeaders> {
        let handshake = NIOTypedWebSocketServerUpgrader<Void>(
            shouldUpgrade: { channel, head in
                channel.eventLoop.makeFutureWithTask { try await self.decide(head) }
            },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        )
        return handshake.buildUpgradeResponse(
            channel: channel,
            upgradeRequest: upgradeRequest,
            initialResponseHeaders: initialResponseHeaders
        )
    }

    private func decide(_ head: HTTPRequestHead) async throws -> HTTPHeaders? {
        guard head.method == .GET else { return nil }
        let request = try HTTPRequest(head, secure: false, splitCookie: false)
        guard case .upgrade(let headers, let handler) = try await shouldUpgrade(request) else { return nil }
        accepted.withLock { $0 = Accepted(request: request, handler: handler) }
        return HTTPHeaders(headers)
    }

    func upgrade(channel: any Channel, upgradeRequest: HTTPRequestHead) -> EventLoopFuture<ServerUpgradeOutcome> {
        channel.eventLoop.makeCompletedFuture {
            guard let accepted = accepted.withLock({ $0 }) else { throw ChannelError.inappropriateOperationForState }
            FirstRequestHandler.remove(from: channel.pipeline.syncOperations)
            let connection = try WebSocketConnection(on: channel, role: .server, configuration: configuration)
            return .webSocket(connection, accepted.request, accepted.handler)
        }
    }
}
