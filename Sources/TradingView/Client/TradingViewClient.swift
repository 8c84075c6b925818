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
    let httpClient: HTTPClient
    let logger: Logger

    /// A client that is not connected yet.
    /// - Parameters:
    ///   - httpClient: Carries search and sign-in; the client does not shut it down.
    public init(
        configuration: TradingViewConfiguration = TradingViewConfiguration(),
        httpClient: HTTPClient = .shared,
        logger: Logger = Logger(label: "tradingview")
    ) {
        self.configuration = configuration
        self.httpClient = httpClient
        self.logger = logger
    }

    /// Connects when there is a question, and carries the connection until the task is cancelled or the service group
    /// shuts down.
    public func run() async throws {
        try await gracefulShutdown()
    }

    /// How the connection to TradingView is doing.
    public func status() async -> SourceStatus {
        SourceStatus(source: .tradingview, state: .idle, since: Timestamp(milliseconds: 0))
    }
}

extension TradingViewClient: BarHistoryProvider {
    /// The bars asked for; fewer only with `shortfall` saying why.
    /// - Throws: `MarketDataError`.
    public func bars(_ request: BarRequest) async throws -> BarSeries {
        throw MarketDataError(.notSupported, "not built yet", source: .tradingview)
    }
}

extension TradingViewClient: LiveFeedProvider {
    /// The quotes of some instruments, beginning with the figures of now.
    /// - Throws: `MarketDataError`, when the connection cannot be made.
    public func liveQuotes(of symbols: [Symbol]) async throws -> Feed<QuoteEvent> {
        throw MarketDataError(.notSupported, "not built yet", source: .tradingview)
    }

    /// The bars of a series, beginning with a snapshot of as many as the request counts.
    /// - Throws: `MarketDataError`.
    public func liveBars(_ request: BarRequest) async throws -> Feed<BarEvent> {
        throw MarketDataError(.notSupported, "not built yet", source: .tradingview)
    }
}

extension TradingViewClient: SymbolSearchProvider {
    /// The instruments that match, best first.
    /// - Throws: `MarketDataError`.
    public func search(_ query: SymbolQuery) async throws -> [Instrument] {
        throw MarketDataError(.notSupported, "not built yet", source: .tradingview)
    }
}
