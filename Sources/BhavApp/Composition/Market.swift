import AsyncHTTPClient
public import Logging
public import MarketData
import MarketHistory
public import MarketHub
import MockMarket
import NIOHTTPCompression
import NIOSSL
import NSE
import ServiceLifecycle
import SourceHTTP
import TradingView
import Trendlyne

/// The sources that the configuration names, behind one hub, for as long as a body of work needs them.
public struct Market: Sendable {
    /// The hub of all sources.
    public let hub: MarketHub
    /// The configuration.
    public let configuration: AppConfiguration
    /// The store; `nil` for a run without one.
    public let store: OpenedStore?
    /// Each source of open interest, to check them separately.
    public let openInterestSources: [(name: String, provider: any OpenInterestProvider)]
    let clock: @Sendable () -> Timestamp

    /// Connects the sources, runs the body, and disconnects them.
    /// - Parameter store: Where received data are stored and past data are read; `nil` for sources alone.
    /// - Throws: `ConfigurationError` for invalid certificates; the errors of the body.
    public static func run<Result: Sendable>(
        _ configuration: AppConfiguration,
        store: OpenedStore? = nil,
        logger: Logger,
        body: @escaping @Sendable (Market) async throws -> Result
    ) async throws -> Result {
        configuration.installAddresses()
        if let server = configuration.runningServer {
            return try await body(remote(server, configuration, logger: logger))
        }
        if configuration.useMockData {
            return try await body(mock(configuration, store: store, logger: logger))
        }
        return try await withHTTPClients(configuration) { plain, following in
            let tradingView = TradingViewClient(
                configuration: configuration.tradingView, httpClient: plain, logger: logger, now: SystemClock.now)
            let trendlyne = TrendlyneClient(
                configuration: configuration.trendlyne, httpClient: following,
                storage: configuration.trendlyneStorage(logger: logger), logger: logger, now: SystemClock.now)
            let nse = NSEClient(
                configuration: configuration.nse, httpClient: following, logger: logger, now: SystemClock.now)
            let history = ResampledHistory(tradingView, keeping: TradingViewClient.intervals, clock: SystemClock.now)
            let live = ResampledLiveFeed(tradingView, keeping: TradingViewClient.intervals, clock: SystemClock.now)
            let hub = MarketHub(
                history: [history], openInterest: [trendlyne, nse], optionChains: [trendlyne, nse],
                contractHistories: [trendlyne], live: [live],
                search: [tradingView], barCache: store?.barCache(configuration, logger: logger),
                openInterestCache: store?.openInterestCache(logger: logger),
                sources: [.tradingview, .trendlyne, .nse], budgets: [trendlyne], monitored: [tradingView],
                logger: logger, clock: SystemClock.now)
            let market = Market(
                hub: hub, configuration: configuration, store: store,
                openInterestSources: [("Trendlyne", trendlyne), ("NSE", nse)], clock: SystemClock.now)
            return try await withService(tradingView) { try await body(market) }
        }
    }

    private static func mock(_ configuration: AppConfiguration, store: OpenedStore?, logger: Logger) -> Market {
        let source = MockMarket(seed: configuration.mockSeed, hours: configuration.mockHours, clock: SystemClock.now)
        let hub = MarketHub(
            history: [source], openInterest: [source], optionChains: [source],
            contractHistories: [source], live: [source], search: [source],
            openInterestCache: store?.openInterestCache(logger: logger),
            asOf: AsOfRule(calendar: configuration.derivativesCalendar), sources: [.mock], logger: logger,
            clock: SystemClock.now)
        return Market(
            hub: hub, configuration: configuration, store: store, openInterestSources: [("the mock market", source)],
            clock: SystemClock.now)
    }

    /// A market whose one source is a running server, which has the store.
    private static func remote(
        _ server: RunningServer, _ configuration: AppConfiguration, logger: Logger
    ) -> Market {
        let hub = MarketHub(
            history: [server], openInterest: [server], optionChains: [server], contractHistories: [server],
            live: [server], search: [server], logger: logger, clock: SystemClock.now)
        return Market(
            hub: hub, configuration: configuration, store: nil, openInterestSources: [(server.address, server)],
            clock: SystemClock.now)
    }

    /// Runs a service beside a body of work, and ends it with the work.
    private static func withService<Result: Sendable>(
        _ service: some Service, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            defer { group.cancelAll() }
            return try await body()
        }
    }
}

/// Runs the body with two clients: one that follows no redirects, for sign-in, which must see them, and one that does.
/// Both trust the system's certificate authorities and those of `SSL_CERT_FILE`, which NIOSSL does not read by itself.
func withHTTPClients<Result: Sendable>(
    _ configuration: AppConfiguration,
    _ body: (_ plain: HTTPClient, _ following: HTTPClient) async throws -> Result
) async throws -> Result {
    var settings = HTTPClient.Configuration()
    var tls = TLSConfiguration.makeClientConfiguration()
    if let file = configuration.certificateFile {
        do {
            tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(file))]
        } catch {
            throw ConfigurationError("SSL_CERT_FILE", "cannot read certificates from '\(file)': \(error)")
        }
    }
    settings.tlsConfiguration = tls
    settings.decompression = .enabled(limit: .size(64 * 1024 * 1024))
    // Report a source that is down at once; retries are decided in the adapters.
    settings.connectionPool.retryConnectionEstablishment = false
    settings.redirectConfiguration = .disallow
    let plain = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: settings)
    settings.redirectConfiguration = .follow(max: 5, allowCycles: false)
    let following = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: settings)
    do {
        let result = try await body(plain, following)
        try await plain.shutdown()
        try await following.shutdown()
        return result
    } catch {
        try? await plain.shutdown()
        try? await following.shutdown()
        throw error
    }
}

extension AppConfiguration {
    /// What outlives a process of Trendlyne: the day's requests, a stop, looked-up underlyings. Another address than
    /// the real one, such as a simulator's, has its own quota.
    func trendlyneStorage(logger: Logger) -> TrendlyneStorage {
        var name = "trendlyne"
        if trendlyne.baseURL != TrendlyneConfiguration.realBaseURL {
            name +=
                "-" + trendlyne.baseURL.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "-" }.joined()
        }
        return TrendlyneStorage(
            ledger: LedgerFile(path: "\(dataFolder)/\(name)-requests.json"),
            stocks: StockFile(path: "\(dataFolder)/\(name)-stocks.json", logger: logger))
    }
}

extension Market {
    /// How far a connection to the source of bars and quotes gets, as text.
    /// - Throws: `MarketDataError`, naming the stage that failed.
    public func reach() async throws -> String {
        if configuration.useMockData { return "not needed for the mock market" }
        let probe = await TradingViewProbe.run(configuration.tradingView, logger: Logger(label: "probe"))
        let isPlain = configuration.tradingView.socketURL.hasPrefix("ws://")
        let stages = TradingViewProbe.Stage.allCases.filter { !(isPlain && $0 == .tls) }
        guard let failed = probe.failedAt else {
            return "TradingView responds after " + stages.dropLast().map(\.rawValue).joined(separator: ", ")
        }
        let passed = stages.prefix { $0 != failed }.map(\.rawValue)
        let before = passed.isEmpty ? "" : " (passed: \(passed.joined(separator: ", ")))"
        throw MarketDataError(
            .upstreamUnavailable, "failed at \(failed.rawValue)\(before): \(probe.reason ?? "unknown reason")",
            source: .tradingview)
    }
}

extension AppConfiguration {
    /// Passes the packets exchanged with TradingView, shortened and without secrets, to a function.
    public mutating func trace(_ show: @escaping @Sendable (String) -> Void) { tradingView.trace = show }
}
