import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

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
        let failure = HandshakeFailure(url: url, now: configuration.now)
        let connected = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(configuration.connectTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: url.host, port: url.port)
        // Whoever loses the race (a deadline, a cancellation, a failure) must not leave a socket behind.
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

    /// Runs on the event loop in the very moment of connecting, so that no byte comes before its reader.
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
            return try pipeline.configureUpgradableHTTPClientPipeline(configuration: pipelineConfiguration())
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
