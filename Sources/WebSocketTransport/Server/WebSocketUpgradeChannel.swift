public import HTTPTypes
public import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL

/// Hummingbird's channel of a connection that speaks HTTP and may switch to WebSocket.
struct WebSocketUpgradeChannel: HTTPChannelHandler {
    struct Value: ServerChildChannelValue {
        let outcome: EventLoopFuture<ServerUpgradeOutcome>
        let channel: any Channel
    }

    let http: HTTP1Channel
    let configuration: WebSocketServerConfiguration
    let shouldUpgrade: HTTPServerBuilder.ShouldUpgradeToWebSocket
    let clients: ClientConnectionLimit?

    var responder: Responder { http.responder }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            guard clients?.admit(channel) ?? true else {
                logger.debug("a client has as many connections as it may")
                throw ChannelError.inappropriateOperationForState
            }
            UnsentLimit.set(on: channel)
            let pipeline = channel.pipeline.syncOperations
            if let certificate = configuration.certificate {
                try pipeline.addHandler(NIOSSLServerHandler(context: certificate.context))
            }
            let upgrader = ServerUpgrader(
                configuration: configuration.connection,
                shouldUpgrade: shouldUpgrade,
                logger: logger
            )
            let outcome = try pipeline.configureUpgradableHTTPServerPipeline(
                configuration: pipelineConfiguration(upgrader, logger)
            )
            let nioUpgrade = try pipeline.handler(type: NIOTypedHTTPServerUpgradeHandler<ServerUpgradeOutcome>.self)
            let first = FirstRequestHandler(timeout: configuration.firstRequestTimeout, upgrader: upgrader)
            try pipeline.addHandler(first, position: .before(nioUpgrade))
            return Value(outcome: outcome, channel: channel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.outcome.get() {
            case .http(let channel):
                await http.handle(value: channel, logger: logger)
            case .webSocket(let connection, let request, let handler):
                let context = WebSocketContext(request: request, channel: value.channel, logger: logger)
                try await connection.run(role: .server) { inbound, outbound in
                    try await handler(inbound, outbound, context)
                }
            }
        } catch {
            logger.debug("A connection ended with an error", metadata: ["error": "\(error)"])
            value.channel.close(promise: nil)
        }
    }

    private func pipelineConfiguration(
        _ upgrader: ServerUpgrader,
        _ logger: Logger
    ) -> NIOUpgradableHTTPServerPipelineConfiguration<ServerUpgradeOutcome> {
        let (idleTimeout, compresses) = (configuration.idleTimeout, configuration.compresses)
        let limits = RequestGuard.Limits(
            lifetime: TimeAmount(configuration.lifetime), shutdown: TimeAmount(configuration.shutdownTimeout))
        var pipeline = NIOUpgradableHTTPServerPipelineConfiguration(
            upgradeConfiguration: NIOTypedHTTPServerUpgradeConfiguration<ServerUpgradeOutcome>(
                upgraders: [upgrader],
                notUpgradingCompletionHandler: { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(RequestGuard(limits: limits))
                        if compresses {
                            try channel.pipeline.syncOperations.addHandlers(GzipPreference(), Self.compressor)
                        }
                        return try Self.continueWithHTTP(on: channel, idleTimeout: idleTimeout, logger: logger)
                    }
                }
            )
        )
        // NIOAsyncChannel, our own handlers and swift-http-types see to these.
        pipeline.enablePipelining = false
        pipeline.enableErrorHandling = false
        pipeline.enableResponseHeaderValidation = false
        pipeline.decoderConfiguration.maxHeaderFieldSize = configuration.maximumHeaderSize
        pipeline.decoderConfiguration.maxHeaderListSize = configuration.maximumHeaderSize
        return pipeline
    }

    /// Compresses what says itself that it varies with what the client accepts, unless it is compressed already.
    private static var compressor: HTTPResponseCompressor {
        HTTPResponseCompressor(initialByteBufferCapacity: 16 << 10) { head, isPossible in
            let varies = head.headers[canonicalForm: "vary"].contains { $0.lowercased() == "accept-encoding" }
            let isPlain = !head.headers.contains(name: "content-encoding")
            return isPossible && varies && isPlain ? .compressIfPossible : .doNotCompress
        }
    }

    private static func continueWithHTTP(
        on channel: any Channel,
        idleTimeout: Duration?,
        logger: Logger
    ) throws -> ServerUpgradeOutcome {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
        try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: idleTimeout, logger: logger))
        return .http(
            try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true)
            )
        )
    }
}

extension HTTPServerBuilder {
    /// Decides about one request to upgrade; one that throws refuses.
    public typealias ShouldUpgradeToWebSocket =
        @Sendable (HTTPRequest) async throws -> WebSocketUpgradeDecision

    /// An HTTP/1.1 server whose connections may become WebSockets: REST and WebSocket on one port.
    ///
    /// Wrap it in HummingbirdTLS's `.tls(_:tlsConfiguration:)` for `https` and `wss`. A refused upgrade gets its
    /// response from the router, as any other request. Responders run on the connection's event loop and must not
    /// occupy it for long. A graceful shutdown closes open WebSockets with 1001. Extensions that a client offers
    /// (permessage-deflate) are not agreed to.
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
