import AsyncHTTPClient
public import Logging
public import MarketData
import MarketHistory
public import MarketHub
import MockMarket
import NIOSSL
import NSE
import ServiceLifecycle
import TradingView
import Trendlyne

/// The sources that the configuration names, behind one hub, for as long as a body of work needs them.
public struct Market: Sendable {
    /// What answers.
    public let hub: MarketHub
    /// What was set.
    public let configuration: AppConfiguration
    /// Where what was once seen is kept; `nil` where the work asked for none.
    public let store: OpenedStore?
    /// The sources of open interest, each by itself, to tell which of them works.
    public let openInterestSources: [(name: String, provider: any OpenInterestProvider)]
    let clock: @Sendable () -> Timestamp

    /// Connects the sources, does the work, and lets go of them.
    /// - Parameter store: Where what is seen is kept, and the past answered from; `nil` for sources alone.
    /// - Throws: `ConfigurationError` for certificates that cannot be used; what the body throws.
    public static func run<Result: Sendable>(
        _ configuration: AppConfiguration,
        store: OpenedStore? = nil,
        logger: Logger,
        body: @escaping @Sendable (Market) async throws -> Result
    ) async throws -> Result {
        configuration.installAddresses()
        if configuration.useMockData {
            return try await body(mock(configuration, store: store, logger: logger))
        }
        return try await withHTTPClients(configuration) { plain, following in
            let tradingView = TradingViewClient(
                configuration: configuration.tradingView, httpClient: plain, logger: logger, now: SystemClock.now)
            let trendlyne = TrendlyneClient(
                configuration: configuration.trendlyne, httpClient: following,
                memory: configuration.trendlyneMemory(logger: logger), logger: logger, now: SystemClock.now)
            let nse = NSEClient(
                configuration: configuration.nse, httpClient: following, logger: logger, now: SystemClock.now)
            let history = ResampledHistory(tradingView, keeping: TradingViewClient.intervals, clock: SystemClock.now)
            let live = ResampledLiveFeed(tradingView, keeping: TradingViewClient.intervals, clock: SystemClock.now)
            let hub = MarketHub(
                history: [history], openInterest: [trendlyne, nse], optionChains: [trendlyne, nse],
                contractHistories: [trendlyne], live: [live],
                search: [tradingView], barMemory: store?.barMemory(configuration, logger: logger),
                openInterestMemory: store?.openInterestMemory(logger: logger),
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
            openInterestMemory: store?.openInterestMemory(logger: logger),
            asOf: AsOfRule(calendar: configuration.derivativesCalendar), sources: [.mock], logger: logger,
            clock: SystemClock.now)
        return Market(
            hub: hub, configuration: configuration, store: store, openInterestSources: [("the mock market", source)],
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
