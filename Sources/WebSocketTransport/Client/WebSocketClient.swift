public import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Opens WebSocket connections.
public enum WebSocketClient {
    /// Connects, runs the body and closes.
    ///
    /// The connection lives as long as the body: it is closed with 1000 when the body returns, and at once when it
    /// throws or its task is cancelled. Errors of connecting, and of the connection itself, are ``WebSocketError``;
    /// what the body throws is passed on.
    /// - Parameters:
    ///   - url: `ws://host:port/path?query` or `wss://...`; the query is sent unchanged.
    ///   - configuration: Headers, TLS and time limits.
    ///   - logger: Where failures are logged.
    ///   - isolation: The actor on which the body runs.
    ///   - body: Reads and writes messages; the connection closes when it returns.
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

/// Makes one connection: finds the host, connects, secures, upgrades; each step within its time.
struct WebSocketConnector {
    let url: WebSocketURL
    let configuration: WebSocketClientConfiguration

    /// The open connection; throws ``WebSocketError``, or `CancellationError` as soon as the task is cancelled.
    func connect() async throws -> WebSocketConnection {
        let loop = (configuration.eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton).next()
        let tls = try url.isSecure ? configuration.trust.makeContext() : nil
        let opened = loop.makePromise(of: WebSocketConnection.self)
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            start(on: loop, tls: tls, opened: opened)
            return try await opened.futureResult.get()
        } onCancel: {
            opened.fail(CancellationError())
        }
    }

    private func start(on loop: any EventLoop, tls: NIOSSLContext?, opened: EventLoopPromise<WebSocketConnection>) {
        let failure = HandshakeFailure(url: url)
        let connected = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(configuration.connectTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // Nothing is read before there is a reader: a server may speak first.
            .channelOption(.autoRead, value: false)
            .connect(host: url.host, port: url.port)
        // The loser of the race (a deadline, a cancellation, a failure) must not leave a socket behind.
        opened.futureResult.whenFailure { _ in connected.whenSuccess { $0.close(promise: nil) } }
        connected.whenFailure { opened.fail(failure.ofConnecting($0, within: configuration.connectTimeout)) }
        connected.whenSuccess { channel in
            let deadline = loop.scheduleTask(in: TimeAmount(configuration.upgradeTimeout)) {
                opened.fail(failure.ofWaiting(configuration.upgradeTimeout))
            }
            opened.futureResult.whenComplete { _ in deadline.cancel() }
            upgrade(channel, tls: tls, failure: failure).cascade(to: opened)
        }
    }

    /// Installs the readers of the handshake, then begins to read.
    private func upgrade(
        _ channel: any Channel,
        tls: NIOSSLContext?,
        failure: HandshakeFailure
    ) -> EventLoopFuture<WebSocketConnection> {
        do {
            let pipeline = channel.pipeline.syncOperations
            if let tls {
                let name = url.isAddress ? nil : url.host
                try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
            }
            let upgraded = try pipeline.configureUpgradableHTTPClientPipeline(configuration: pipelineConfiguration())
            return channel.setOption(.autoRead, value: true)
                .flatMap { upgraded }
                .flatMapErrorThrowing { error in
                    throw failure.ofUpgrading(
                        error, certificate: try? channel.pipeline.syncOperations.nioSSL_peerCertificate())
                }
                .flatMap { $0.connection(orFailingWith: failure, on: channel.eventLoop) }
        } catch {
            return channel.eventLoop.makeFailedFuture(failure.ofUpgrading(error, certificate: nil))
        }
    }

    private func pipelineConfiguration() -> NIOUpgradableHTTPClientPipelineConfiguration<ClientUpgradeOutcome> {
        var headers = HTTPHeaders()
        if !configuration.headers.contains(where: { $0.0.lowercased() == "host" }) {
            headers.add(name: "Host", value: url.hostHeader)
        }
        for (name, value) in configuration.headers { headers.add(name: name, value: value) }
        var pipeline = NIOUpgradableHTTPClientPipelineConfiguration(
            upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration<ClientUpgradeOutcome>(
                upgradeRequestHead: HTTPRequestHead(version: .http1_1, method: .GET, uri: url.target, headers: headers),
                upgraders: [ClientUpgrader(configuration: configuration.connection)],
                notUpgradingCompletionHandler: { RefusedUpgradeHandler.read(from: $0, now: configuration.now) }
            )
        )
        // A server may send its first frames in the same packet as the 101.
        pipeline.leftOverBytesStrategy = .forwardBytes
        return pipeline
    }
}

/// The parts of a `ws:` or `wss:` URL that a connection needs.
struct WebSocketURL: Hashable, Sendable {
    let isSecure: Bool
    /// Without the brackets of an IPv6 address.
    let host: String
    let port: Int
    /// Path and query, beginning with a slash; no fragment.
    let target: String

    init(_ text: String) throws(WebSocketError) {
        guard let schemeEnd = text.firstRange(of: "://") else { throw Self.invalid(text, "it has no scheme") }
        switch text[..<schemeEnd.lowerBound].lowercased() {
        case "ws": isSecure = false
        case "wss": isSecure = true
        default: throw Self.invalid(text, "its scheme is neither ws nor wss")
        }
        let rest = text[schemeEnd.upperBound...].prefix { $0 != "#" }
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Self.invalid(text, "it holds a space or a character that is not ASCII")
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest[authority.endIndex...]
        target = path.hasPrefix("/") ? String(path) : "/" + path
        guard !authority.contains("@") else { throw Self.invalid(text, "a user name or password in it is not sent") }

        var portText: Substring?
        if authority.hasPrefix("["), let bracket = authority.firstIndex(of: "]") {
            host = String(authority[authority.index(after: authority.startIndex)..<bracket])
            let after = authority[authority.index(after: bracket)...]
            guard after.isEmpty || after.hasPrefix(":") else { throw Self.invalid(text, "its port is invalid") }
            portText = after.isEmpty ? nil : after.dropFirst()
        } else {
            let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            host = String(parts[0])
            portText = parts.count > 1 ? parts[1] : nil
        }
        guard !host.isEmpty else { throw Self.invalid(text, "it names no host") }
        guard let portText, !portText.isEmpty else {
            port = isSecure ? 443 : 80
            return
        }
        guard let number = UInt16(portText), number > 0 else { throw Self.invalid(text, "its port is invalid") }
        port = Int(number)
    }

    /// Host and port for a message.
    var place: String { "\(bracketedHost):\(port)" }

    /// The value of the `Host` header: without the port where it is the scheme's own.
    var hostHeader: String { port == (isSecure ? 443 : 80) ? bracketedHost : place }

    /// Whether the host is an address; a name is needed for SNI.
    var isAddress: Bool { (try? SocketAddress(ipAddress: host, port: port)) != nil }

    private var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    private static func invalid(_ text: String, _ reason: String) -> WebSocketError {
        WebSocketError(.invalidURL, "\"\(text)\" is not a WebSocket address: \(reason).")
    }
}
