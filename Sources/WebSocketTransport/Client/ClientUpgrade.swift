import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import NetworkFailure

/// How a server responded to the upgrade.
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

/// The client's half of the opening handshake; key and accept value are NIO's, what follows is ours.
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

    /// Whether the accept value fits our key and the server chose nothing that we did not offer.
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

/// The HTTP response of a server that did not switch to WebSocket.
public struct UpgradeRefusal: Hashable, Sendable {
    /// The HTTP status, such as 429.
    public let status: Int
    /// The text beside the status.
    public let reasonPhrase: String
    /// `Retry-After` in seconds, at most a day; `nil` where there is none.
    public let retryAfterSeconds: Int?
    /// At most the first 200 bytes of the body, read as UTF-8.
    public let body: String

    /// A response.
    public init(status: Int, reasonPhrase: String, retryAfterSeconds: Int?, body: String) {
        self.status = status
        self.reasonPhrase = reasonPhrase
        self.retryAfterSeconds = retryAfterSeconds
        self.body = body
    }
}

/// Reads the ordinary HTTP response of a server that does not upgrade: its head, and the beginning of its body.
final class RefusedUpgradeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private static let bodyLimit = 200
    private static let patience = TimeAmount.seconds(1)

    private let response: EventLoopPromise<UpgradeRefusal>
    private let now: @Sendable () -> Date
    private var head: HTTPResponseHead?
    private var body = ByteBuffer()
    private var deadline: Scheduled<Void>?

    private init(response: EventLoopPromise<UpgradeRefusal>, now: @escaping @Sendable () -> Date) {
        self.response = response
        self.now = now
    }

    static func read(
        from channel: any Channel, now: @escaping @Sendable () -> Date
    ) -> EventLoopFuture<ClientUpgradeOutcome> {
        let response = channel.eventLoop.makePromise(of: UpgradeRefusal.self)
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(RefusedUpgradeHandler(response: response, now: now))
            return .refused(response.futureResult)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
            deadline = context.eventLoop.scheduleTask(in: Self.patience) { loopBound.value.conclude() }
        case .body(var bytes):
            let wanted = min(bytes.readableBytes, Self.bodyLimit - body.readableBytes)
            if let part = bytes.readSlice(length: wanted) { body.writeImmutableBuffer(part) }
            if body.readableBytes == Self.bodyLimit { conclude() }
        case .end:
            conclude()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { conclude(error) }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        conclude()
    }

    private func conclude(_ error: any Error = ChannelError.eof) {
        guard let head else { return response.fail(error) }
        response.succeed(
            UpgradeRefusal(
                status: Int(head.status.code),
                reasonPhrase: head.status.reasonPhrase,
                retryAfterSeconds: RetryAfter.seconds(head.headers.first(name: "Retry-After"), now: now()),
                body: String(buffer: body)
            )
        )
    }
}

/// Converts an underlying error into a ``WebSocketError`` that names the host.
struct HandshakeFailure: Sendable {
    let url: WebSocketURL

    func ofConnecting(_ error: any Error, within limit: Duration) -> WebSocketError {
        switch ConnectionFailure(error) {
        case .timedOut:
            return WebSocketError(.timedOut, "\(url.place) did not accept a connection within \(limit).")
        case .nameNotFound:
            let message = "The host name \(url.host) (port \(url.port)) was not found."
            return WebSocketError(.nameNotFound, message, underlying: error)
        case .connectionRefused:
            return WebSocketError(.connectionRefused, "\(url.place) refused the connection: nothing listens there.")
        default:
            let cause = (error as? NIOConnectionError)?.connectionErrors.first?.error ?? error
            return WebSocketError(.unreachable, "\(url.place) cannot be reached.", underlying: cause)
        }
    }

    func ofWaiting(_ limit: Duration) -> WebSocketError {
        WebSocketError(.timedOut, "\(url.place) did not respond to the WebSocket upgrade within \(limit).")
    }

    func ofRefusal(_ refusal: UpgradeRefusal) -> WebSocketError {
        let status = "\(refusal.status) \(refusal.reasonPhrase)"
        return WebSocketError(
            .upgradeRefused(status: refusal.status),
            "\(url.place) refused the WebSocket upgrade: HTTP \(status).",
            refusal: refusal
        )
    }

    func ofUpgrading(_ error: any Error, certificate: NIOSSLCertificate?) -> WebSocketError {
        switch error {
        case let error as WebSocketError:
            error
        case NIOSSLError.uncleanShutdown:
            ofHangingUp(error)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            ofTLS(error, certificate)
        case let error as NIOHTTPClientUpgradeError:
            WebSocketError(
                .protocolViolation,
                "\(url.place) returned 101, but its response does not match our request.",
                underlying: error
            )
        case is HTTPParserError:
            WebSocketError(.protocolViolation, "\(url.place) does not speak HTTP.", underlying: error)
        default:
            ofHangingUp(error)
        }
    }

    private func ofHangingUp(_ error: any Error) -> WebSocketError {
        WebSocketError(
            .closed(code: .abnormal, reason: ""),
            "\(url.place) ended the connection during the WebSocket upgrade.",
            underlying: error
        )
    }

    private func ofTLS(_ error: any Error, _ certificate: NIOSSLCertificate?) -> WebSocketError {
        WebSocketError(
            .tlsFailed,
            "No secure connection to \(url.place): \(reason(error, certificate)).",
            underlying: error
        )
    }

    private func reason(_ error: any Error, _ certificate: NIOSSLCertificate?) -> String {
        if error is NIOSSLExtraError { return "its certificate is for another name than \(url.host)" }
        if case NIOSSLError.unableToValidateCertificate = error {
            return "its certificate is for another address than \(url.host)"
        }
        let details = String(describing: error)
        if details.contains("CERTIFICATE_VERIFY_FAILED") { return untrusted(certificate) }
        return TLSFailure.words(of: error) ?? "the TLS handshake failed"
    }

    private func untrusted(_ certificate: NIOSSLCertificate?) -> String {
        guard let certificate else { return "its certificate is not trusted" }
        let now = WebSocketClientConfiguration.certificateTime()
        let end = Date(timeIntervalSince1970: TimeInterval(certificate.notValidAfter))
        let start = Date(timeIntervalSince1970: TimeInterval(certificate.notValidBefore))
        if end < now { return "its certificate expired on \(end.formatted(.iso8601))" }
        if start > now { return "its certificate is not valid before \(start.formatted(.iso8601))" }
        return "its certificate is signed by an unknown authority (trust one with SSL_CERT_FILE)"
    }
}
