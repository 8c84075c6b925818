public import Hummingbird
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
    let listening = BoundPort()

    /// A server over a hub.
    /// - Throws: `MarketDataError` with code `badRequest` for a configuration that is unsafe or can never work.
    public init(
        hub: MarketHub,
        configuration: MarketServerConfiguration,
        logger: Logger,
        clock: @escaping @Sendable () -> Timestamp
    ) throws {
        try configuration.validate()
        self.hub = hub
        self.configuration = configuration
        self.logger = logger
        self.clock = clock
    }

    /// The port that the server listens on, as soon as it does.
    /// - Throws: `CancellationError` when the waiting task is cancelled, or the server ended before it listened.
    public var port: Int {
        get async throws { try await listening.value }
    }

    /// Serves until the task is cancelled or the service group shuts down.
    public func run() async throws {
        defer { listening.giveUp() }
        try await application().run()
    }

    /// The Hummingbird application behind `run()`.
    public func application() -> some ApplicationProtocol {
        let listening = listening
        let access = access
        let subscriptions = StreamSubscriptions(hub: hub, limits: configuration.limits)
        let sockets = sockets(subscriptions)
        return Application(
            responder: MarketResponder(
                routes: routes(subscriptions), sockets: sockets,
                assets: DashboardAssets(folder: configuration.dashboardFolder),
                access: access,
                limit: configuration.limits.requestTime,
                propose: { [hub] in await hub.proposing($0, for: $1) }),
            server: .webSocketUpgrade(configuration: socketConfiguration) { request in
                SocketRoute.decide(request, among: sockets, access: access)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: "bhav"),
            onServerRunning: { channel in
                if let port = channel.localAddress?.port { listening.resolve(port) }
            },
            logger: logger
        )
    }

    private var access: AccessPolicy {
        AccessPolicy(keys: configuration.apiKeys, origins: configuration.corsOrigins)
    }

    private func routes(_ subscriptions: StreamSubscriptions) -> [String: Route] {
        let limits = configuration.limits
        // A little less than the request has, so that one whose turn does not come hears why.
        let gate = QuestionGate(places: limits.historyQuestions, patience: limits.requestTime * 0.9)
        let parts = [
            MarketRoutes(hub: hub, gate: gate, limits: limits, clock: clock).routes,
            OpenInterestRoutes(hub: hub, clock: clock).routes,
            ContractRoutes(hub: hub).routes,
            CoverageRoutes(hub: hub, gate: gate, clock: clock).routes,
            StatusRoutes(hub: hub, clock: clock).routes,
            OriginalRoutes(hub: hub, gate: gate).routes,
            UDFRoutes(hub: hub, gate: gate, limits: limits, clock: clock).routes,
            EventRoute(subscriptions: subscriptions).routes,
        ]
        return parts.reduce(into: [:]) { all, some in all.merge(some) { first, _ in first } }
    }

    private func sockets(_ subscriptions: StreamSubscriptions) -> [String: SocketRoute] {
        let logger = logger
        let limit = StreamLimit(configuration.limits.streams)
        let original = OriginalSession(hub: hub, limits: configuration.limits)
        return [
            "/ws": SocketRoute(limit: limit) { inbound, outbound in try await original.run(inbound, outbound) },
            "/v1/stream": SocketRoute(limit: limit) { inbound, outbound in
                try await StreamSession(subscriptions: subscriptions, logger: logger).run(inbound, outbound)
            },
        ]
    }

    private var socketConfiguration: WebSocketServerConfiguration {
        WebSocketServerConfiguration(
            connection: WebSocketConfiguration(
                maximumMessageSize: configuration.limits.messageSize, pingInterval: .seconds(30)),
            compresses: true)
    }
}
