public import HTTPTypes
import HummingbirdCore
public import Logging
public import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL
import NIOWebSocket
import Synchronization

/// How a server treats connections that may become WebSockets.
public struct WebSocketServerConfiguration: Sendable {
    /// Limits, waits and pings of an upgraded connection.
    public var connection: WebSocketConfiguration
    /// How long a connection may be open before its first request is complete.
    public var firstRequestTimeout: Duration
    /// How long an ordinary HTTP connection may be idle; `nil`: no limit.
    public var idleTimeout: Duration?
    /// How old an HTTP connection may become; the response after that is its last.
    public var lifetime: Duration = .seconds(3600)
    /// How long after the start of a shutdown a connection is closed, even with requests in flight.
    public var shutdownTimeout: Duration = .seconds(3)
    /// How many connections one client address may have, this machine's own aside; `nil`: any number.
    public var connectionsPerClient: Int?
    /// The certificate for TLS; `nil`: plain HTTP.
    public var certificate: ServerCertificate?
    /// The largest HTTP header, and the largest sum of headers, in bytes.
    public var maximumHeaderSize: Int
    /// Whether responses with `Vary: Accept-Encoding` are compressed (gzip, deflate) for clients that accept it.
    public var compresses: Bool

    /// A configuration; by default 30 seconds for the first request, no idle limit, headers of 80 KiB, no compression.
    public init(
        connection: WebSocketConfiguration = WebSocketConfiguration(),
        firstRequestTimeout: Duration = .seconds(30),
        idleTimeout: Duration? = nil,
        maximumHeaderSize: Int = 80 << 10,
        compresses: Bool = false
    ) {
        self.connection = connection
        self.firstRequestTimeout = firstRequestTimeout
        self.idleTimeout = idleTimeout
        self.maximumHeaderSize = maximumHeaderSize
        self.compresses = compresses
    }
}

/// A server's decision on a request to upgrade.
public enum WebSocketUpgradeDecision: Sendable {
    /// Runs one connection; when it returns, the connection is closed with 1000, when it throws, with 1011.
    public typealias Handler =
        @Sendable (WebSocketInbound, WebSocketOutbound, WebSocketContext) async throws -> Void

    /// Not a WebSocket: the router handles the request as any other.
    case refuse
    /// Switch, with these further headers on the 101 response, and run the handler.
    case upgrade(HTTPFields = [:], handler: Handler)
}

/// What a server's handler knows about its connection.
public struct WebSocketContext: Sendable {
    /// The head of the upgrade request.
    public let request: HTTPRequest
    /// The underlying socket, for its addresses and options; write through the outbound writer instead.
    public let channel: any Channel
    /// The server's logger.
    public let logger: Logger

    /// Cuts the connection without a close frame and without TLS's close_notify, by a TCP reset where the channel is a
    /// socket.
    public func reset() async {
        // The C struct linger: switched on, zero seconds.
        let linger = (Int32(1), Int32(0))
        let options = channel as? any SocketOptionProvider
        try? await options?.unsafeSetSocketOption(level: .socket, name: .so_linger, value: linger).get()
        try? await cut()
    }

    /// Cuts the connection without a close frame and without TLS's close_notify: the peer sees the stream end.
    public func cut() async throws {
        let pipeline = channel.pipeline
        try await channel.eventLoop.flatSubmit {
            // A close on the TLS handler's own context bypasses TLS.
            let below = try? pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self)
            return below?.close() ?? pipeline.close(mode: .all)
        }.get()
    }
}

/// The server's half of the opening handshake; NIO handles key and accept value, and this type decides.
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

    /// Calls the server's decision; the result is kept for the upgrade that follows.
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

/// The kind of a connection after its first request.
enum ServerUpgradeOutcome: Sendable {
    case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
    case webSocket(WebSocketConnection, HTTPRequest, WebSocketUpgradeDecision.Handler)
}
