import AsyncSupport
import Foundation
public import Hummingbird
import HummingbirdCore
public import Logging
public import MarketData
public import MarketHub
import NIOCore
public import ServiceLifecycle
import WebSocketTransport

/// The HTTP and WebSocket face of the hub, and the dashboard.
public struct MarketServer: Service {
    let hub: MarketHub
    let configuration: MarketServerConfiguration
    let logger: Logger
    let clock: @Sendable () -> Timestamp
    let access: AccessControl
    private let metrics: PrometheusRegistry
    private let certificate: ServerCertificate?
    let listening = BoundPort()

    /// A server over a hub.
    /// - Parameter metrics: What `/metrics` shows beside the state of the server and its sources.
    /// - Throws: `MarketDataError` with code `badRequest` for a configuration that is unsafe or can never work.
    public init(
        hub: MarketHub,
        configuration: MarketServerConfiguration,
        logger: Logger,
        metrics: PrometheusRegistry = PrometheusRegistry(),
        clock: @escaping @Sendable () -> Timestamp
    ) throws {
        try configuration.validate()
        self.hub = hub
        self.configuration = configuration
        self.logger = logger
        self.metrics = metrics
        self.clock = clock
        access = AccessControl(
            configuration.accessPolicy,
            limiter: configuration.limits.requestsPerMinute.map(RateLimiter.init(perMinute:)))
        certificate = try configuration.certificate.map { files in
            try ServerCertificate(certificateFile: files.chainFile, keyFile: files.keyFile)
        }
    }

    /// Takes over keys, hosts and origins of a newer configuration, and reads the certificate's files again.
    /// Connections that are open stay.
    /// - Throws: `MarketDataError` for an unsafe configuration or an invalid certificate. Then nothing
    ///   of it is in force.
    public func reload(_ newer: MarketServerConfiguration) throws {
        var combined = configuration
        (combined.apiKeys, combined.hosts, combined.corsOrigins) = (newer.apiKeys, newer.hosts, newer.corsOrigins)
        try combined.validate()
        try certificate?.reload()
        access.replace(combined.accessPolicy)
    }

    /// The port that the server listens on, as soon as it does.
    /// - Throws: `CancellationError` when the waiting task is cancelled, or the server ended before it listened.
    public var port: Int {
        get async throws { try await listening.value }
    }

    /// Serves until the task is cancelled or the service group shuts down.
    public func run() async throws {
        defer { listening.fail() }
        try await application().run()
    }

    /// The Hummingbird application behind `run()`.
    public func application() -> some ApplicationProtocol {
        let listening = listening
        let streams = LiveStreams(
            hub: hub, limits: configuration.limits, counters: StreamCounters(factory: self.metrics), logger: logger)
        let sockets = sockets(streams)
        let requests = RequestMetrics(factory: self.metrics)
        let metrics = MetricsRoute(
            hub: hub, registry: self.metrics, limit: sockets.limit,
            dataFolder: configuration.dataFolder, clock: clock)
        let logger = logger
        let inherited = configuration.inheritedSocket
        // A server with an inherited socket listens, for form's sake, on a socket that is unlinked at once.
        let unused = NSTemporaryDirectory() + "bhav-\(getpid()).sock"
        let described = endpoints(streams) + metrics.endpoints + sockets.endpoints
        let all = described + APIDocument.endpoints(describing: described)
        return Application(
            router: router(all, requests: requests),
            server: .webSocketUpgrade(configuration: socketConfiguration) { sockets.decide($0) },
            configuration: ApplicationConfiguration(
                address: inherited == nil
                    ? .hostname(configuration.host, port: configuration.port) : .unixDomainSocket(path: unused),
                serverName: "bhav",
                backlog: 1024, availableConnectionsDelegate: connectionLimit),
            onServerRunning: { channel in
                try? await channel.eventLoop.submit {
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptBackoffHandler(logger: logger), position: .first)
                }.get()
                guard let inherited else {
                    if let port = channel.localAddress?.port { listening.resolve(port) }
                    return
                }
                unlink(unused)
                do {
                    listening.resolve(try await InheritedListener.listen(on: inherited, for: channel))
                } catch {
                    logger.error("cannot use the inherited socket; stopping", metadata: ["error": "\(error)"])
                    channel.close(promise: nil)
                }
            },
            logger: logger
        )
    }

    private var connectionLimit: (any AvailableConnectionsDelegate)? {
        let descriptors = DescriptorLimit.current.map { $0 - max(32, $0 / 8) }
        return (configuration.limits.connections ?? descriptors).map { ConnectionLimit($0, logger: logger) }
    }

    private func router(_ endpoints: [Endpoint], requests: RequestMetrics) -> Router<ServerContext> {
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        let assets = DashboardAssets(folder: configuration.dashboardFolder)
        router.add(middleware: RequestMetricsMiddleware(metrics: requests))
        router.add(middleware: CrossOriginMiddleware(access: access))
        router.add(middleware: CompressionMiddleware())
        router.add(middleware: FailureMiddleware(paths: Set(endpoints.map(\.path) + LoginRoute.paths)))
        router.add(middleware: RequestCheckMiddleware(access: access))
        router.add(middleware: DashboardMiddleware(assets: assets))
        router.add(
            endpoints,
            guards: [
                .read: KeyMiddleware(access: access, scope: .read, clock: clock),
                .admin: KeyMiddleware(access: access, scope: .admin, clock: clock),
            ],
            timeLimit: configuration.limits.requestTime,
            suggest: { [hub] in await hub.proposing($0, for: $1) })
        LoginRoute(access: access, clock: clock, isSecure: certificate != nil).add(to: router)
        return router
    }

    private func endpoints(_ streams: LiveStreams) -> [Endpoint] {
        let limits = configuration.limits
        // Less than the request's own limit, so that a request whose turn does not come gets this error.
        let limiter = ConcurrencyLimiter(
            places: limits.concurrentHistoryRequests, patience: limits.requestTime * 0.9,
            overloaded: MarketDataError(
                .overloaded, "too many requests for past data are running; try again shortly"))
        let cache = ResponseCache()
        let data =
            MarketRoutes(hub: hub, limiter: limiter, limits: limits, cache: cache, clock: clock).endpoints
            + OpenInterestRoutes(hub: hub, cache: cache, clock: clock).endpoints + ContractRoutes(hub: hub).endpoints
            + CoverageRoutes(hub: hub, limiter: limiter, clock: clock).endpoints
            + StatusRoutes(hub: hub, clock: clock).endpoints
            + EventRoute(streams: streams, eventLoops: EventLoopGroupProvider.singleton.eventLoopGroup, clock: clock)
            .endpoints
        return data + LegacyAPIRoutes(hub: hub, limiter: limiter).endpoints
            + UDFRoutes(hub: hub, limiter: limiter, limits: limits, clock: clock).endpoints
            + IndexRoute(listing: data).endpoints
    }

    private func sockets(_ streams: LiveStreams) -> SocketRouter {
        let routes = [
            SocketRoute(path: "/ws") { inbound, outbound, context in
                try await LegacyAPISession(streams: streams).run(inbound, outbound, channel: context.channel)
            },
            SocketRoute(path: "/v1/stream") { inbound, outbound, context in
                try await StreamSession(streams: streams).run(inbound, outbound, channel: context.channel)
            },
        ]
        return SocketRouter(
            routes: routes, access: access, limit: StreamLimit(configuration.limits.streams), clock: clock)
    }

    private var socketConfiguration: WebSocketServerConfiguration {
        var settings = WebSocketServerConfiguration(
            connection: WebSocketConfiguration(
                maximumMessageSize: configuration.limits.messageSize, closeTimeout: .seconds(2),
                pingInterval: .seconds(30)),
            idleTimeout: configuration.limits.idleTime,
            compresses: true)
        settings.lifetime = configuration.limits.connectionLifetime
        settings.connectionsPerClient = configuration.limits.connectionsPerClient
        settings.certificate = certificate
        return settings
    }
}
