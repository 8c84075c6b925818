public import AsyncHTTPClient
public import Logging
public import MarketData
public import ServiceLifecycle

/// Bars, quotes and symbol search from TradingView, over one connection that all questions share.
///
/// `run()` carries the connection; it connects with the first question. What is asked while nothing runs it fails at its
/// deadline.
public final class TradingViewClient: Service, Sendable {
    let configuration: TradingViewConfiguration
    let upstream: Upstream
    let symbolSearch: SymbolSearch
    private let runner: UpstreamRunner

    /// A client that is not connected yet.
    /// - Parameters:
    ///   - httpClient: Carries search and sign-in; the client does not shut it down.
    ///   - now: The time of day.
    public init(
        configuration: TradingViewConfiguration = TradingViewConfiguration(),
        httpClient: HTTPClient = .shared,
        logger: Logger = Logger(label: "tradingview"),
        now: @escaping WallClock = SystemClock.now
    ) {
        self.configuration = configuration
        let clock = UpstreamClock(now)
        let reader = WebReader(httpClient: httpClient, deadline: configuration.deadlines.http, now: clock.date)
        upstream = Upstream(configuration: configuration, clock: clock, logger: logger)
        symbolSearch = SymbolSearch(configuration: configuration, reader: reader, clock: clock, logger: logger)
        runner = UpstreamRunner(
            upstream: upstream,
            tokens: TokenSource(configuration: configuration, reader: reader, logger: logger),
            configuration: configuration,
            clock: clock,
            logger: logger
        )
    }

    /// Connects when there is a question, and carries the connection until the task is cancelled or the service group
    /// shuts down. After that every question fails.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.runner.run() }
    }

    /// How the connection to TradingView is doing.
    public func status() async -> SourceStatus { await upstream.currentStatus }
}

extension TradingViewClient: MonitoredSource {
    /// Connects, and keeps the connection up though nobody asks anything.
    public func keepConnected() async { await upstream.keepConnected() }
}
