public import AsyncHTTPClient
import AsyncSupport
public import Logging
public import MarketData
public import ServiceLifecycle
import Synchronization
import TradingViewProtocol
import WebSocketTransport

/// Bars, quotes and symbol search from TradingView, over one connection that all requests share.
///
/// `run()` carries the connection; it connects with the first request. A request while nothing runs it fails with an error
/// that says so.
public final class TradingViewClient: Service, Sendable {
    let configuration: TradingViewConfiguration
    let upstream: Upstream
    let symbolSearch: SymbolSearch
    private let runner: UpstreamRunner
    private let hasStarted = Atomic(false)

    /// A client that is not connected yet.
    /// - Parameters:
    ///   - configuration: Addresses, sign-in and deadlines.
    ///   - httpClient: Carries search and sign-in; the client does not shut it down.
    ///   - logger: Where connections and failures are logged.
    ///   - now: The time of day.
    public init(
        configuration: TradingViewConfiguration = TradingViewConfiguration(),
        httpClient: HTTPClient = .shared,
        logger: Logger = Logger(label: "tradingview"),
        now: @escaping WallClock = SystemClock.now
    ) {
        self.configuration = configuration
        let clock = UpstreamClock(now)
        let reader = WebConnection(
            httpClient: httpClient, deadline: configuration.deadlines.http, clock: clock, logger: logger)
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

    /// Connects when there is a request, and carries the connection until the task is cancelled or the service group
    /// shuts down. After that every request fails.
    public func run() async throws {
        hasStarted.store(true, ordering: .releasing)
        await cancelWhenGracefulShutdown { await self.runner.run() }
    }

    /// Waits up to a second for `run()`, whose task may start after the first request.
    /// - Throws: `MarketDataError` `upstreamUnavailable` if nothing runs the client.
    private func requireRunning() async throws {
        for _ in 0..<50 where !hasStarted.load(ordering: .acquiring) { try await Task.sleep(for: .milliseconds(20)) }
        guard hasStarted.load(ordering: .acquiring) else {
            throw MarketDataError(
                .upstreamUnavailable,
                "TradingViewClient has no connection: run() was not called; call it in a task or a service group first",
                source: .tradingview, recovery: .giveUp)
        }
    }

    /// How the connection to TradingView is doing.
    public func status() async -> SourceStatus { await upstream.currentStatus }
}

extension TradingViewClient: MonitoredSource {
    /// Connects, and keeps the connection up without any request.
    public func keepConnected() async { await upstream.keepConnected() }
}

extension TradingViewClient: SymbolSearchProvider {
    /// The instruments that match, best first.
    /// - Throws: `MarketDataError`.
    public func search(_ query: SymbolQuery) async throws -> [Instrument] {
        try await symbolSearch.instruments(query)
    }

    /// The instruments that match, best first, with a note where the scanner replaced the symbol search.
    /// - Throws: `MarketDataError`.
    public func matches(_ query: SymbolQuery) async throws -> SymbolMatches { try await symbolSearch.matches(query) }
}

extension TradingViewClient {
    /// The intervals that TradingView keeps for every plan; others are paid for there, or built from these.
    public static let intervals: [Interval] = [
        "1", "3", "5", "15", "30", "45", "60", "120", "180", "240", "1D", "1W", "1M",
    ]
    .compactMap { Resolution(code: $0).interval }
}

extension TradingViewClient: BarHistoryProvider {
    /// The requested bars; fewer only with a `shortfall` that says why.
    /// - Throws: `MarketDataError`.
    public func bars(_ request: BarRequest) async throws -> BarSeries {
        let series = try SeriesRequest(request, pageSize: configuration.pageSize)
        try await requireRunning()
        let (id, response) = await upstream.fetch(series)
        do {
            let bars = try await upstream.value(of: response) { await $0.patience(id) }
            await upstream.abandon(id)
            return bars
        } catch {
            await upstream.abandon(id)
            throw await withSuggestions(error, symbol: request.symbol)
        }
    }

    /// Adds what the symbol search finds to an error about an unknown symbol, where it responds soon enough,
    /// and a free feed of the same pair to one about a feed that is silent.
    func withSuggestions(_ error: any Error, symbol: Symbol) async -> any Error {
        if let silent = error as? SilentFeed {
            var found: [Instrument] = []
            if silent.isPair, silent.alternatives.isEmpty {
                let query = SymbolQuery(text: symbol.ticker, limit: 30)
                found = await search(query, within: configuration.deadlines) ?? []
            }
            return silent.suggesting(found, insteadOf: symbol)
        }
        guard let failure = error as? MarketDataError, failure.code == .symbolNotFound, failure.suggestions.isEmpty
        else { return error }
        let found = await likely(symbol)
        return MarketDataError(
            failure.code, failure.message, source: failure.source, recovery: failure.recovery,
            suggestions: found.map(\.symbol.description))
    }

    /// What bears the ticker, or where nothing does, what begins as it does: the last letter is the likeliest to be wrong.
    private func likely(_ symbol: Symbol) async -> [Instrument] {
        let ticker = symbol.ticker
        for length in [ticker.count, ticker.count - 1, (ticker.count + 1) / 2, 3] where length > 2 {
            let isWhole = length == ticker.count
            let beginning = String(ticker.prefix(length))
            let query = SymbolQuery(text: beginning, limit: isWhole ? 5 : 30)
            guard let found = await search(query, within: configuration.deadlines) else { break }
            let likely = isWhole ? found : found.filter { $0.symbol.ticker.hasPrefix(beginning) }
            if !likely.isEmpty { return Array(likely.prefix(5)) }
        }
        return []
    }

    /// What a search finds soon enough; `nil` where it fails.
    private func search(_ query: SymbolQuery, within deadlines: TradingViewDeadlines) async -> [Instrument]? {
        var search = symbolSearch
        search.reader.deadline = deadlines.suggestions
        return try? await search.instruments(query)
    }
}

extension Upstream {
    /// Waits for a promise while its deadlines are watched.
    /// - Parameter patience: How long until the next deadline; `nil` once there is nothing more to watch.
    nonisolated func value<Value: Sendable>(
        of promise: Promise<Value>, patience: @escaping @Sendable (Upstream) async -> Duration?
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await promise.value() }
            group.addTask {
                // Deadlines can move nearer, for example when the connection is made: they are checked often.
                while let wait = await patience(self) {
                    try await Task.sleep(for: min(max(wait, .milliseconds(1)), .milliseconds(250)))
                }
                return nil
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }
}

extension TradingViewClient: LiveFeedProvider {
    /// The quotes of some instruments, beginning with the present values.
    /// - Throws: `MarketDataError`, when the connection cannot be made; after that the feed outlives connections.
    public func liveQuotes(of symbols: [Symbol]) async throws -> Feed<QuoteEvent> {
        guard !symbols.isEmpty else { throw MarketDataError.badRequest("no symbols are given to quote") }
        try await requireRunning()
        let connection = await upstream.connection()
        try await wait(for: connection, stage: "connecting")
        let (feed, source) = Feed<QuoteEvent>.ofQuotes(capacity: max(4096, symbols.count * 2))
        let upstream = upstream
        var seen: Set<Symbol> = []
        let id = await upstream.subscribe(symbols.filter { seen.insert($0).inserted }, source: source)
        // A feed may be released anywhere, outside any task.
        source.onAbandoned { Task { await upstream.unsubscribe(id) } }
        return feed
    }

    /// The bars of a series, beginning with a snapshot of as many as the request counts.
    /// - Throws: `MarketDataError`, also where the first snapshot fails.
    public func liveBars(_ request: BarRequest) async throws -> Feed<BarEvent> {
        let series = try SeriesRequest(request, pageSize: configuration.pageSize)
        try await requireRunning()
        let (feed, source) = Feed<BarEvent>.ofBars()
        let upstream = upstream
        let (id, ready) = await upstream.subscribe(series, source: source)
        do {
            try await wait(for: ready, stage: "the first bars of \(request.symbol)")
        } catch {
            await upstream.unsubscribeBars(id)
            throw await withSuggestions(error, symbol: request.symbol)
        }
        // A feed may be released anywhere, outside any task.
        source.onAbandoned { Task { await upstream.unsubscribeBars(id) } }
        return feed
    }

    private func wait(for promise: Promise<Void>, stage: String) async throws {
        let limit = configuration.deadlines.connect + configuration.deadlines.progress
        try await upstream.value(of: promise) { _ in
            guard (try? await Task.sleep(for: limit)) != nil else { return nil }
            promise.complete(
                .failure(
                    MarketDataError(
                        .upstreamTimeout,
                        "TradingView did not respond within \(limit.inSeconds) s; stuck at: \(stage)",
                        source: .tradingview)))
            return nil
        }
    }
}
