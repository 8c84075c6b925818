public import AsyncHTTPClient
public import Logging
public import MarketData
import NIOCore
import SourceHTTP

/// Open interest of NSE options from Trendlyne's unofficial SmartOptions service.
///
/// One request is sent at a time, within the rate limit of the configuration. A source that rejected us gets a
/// cooldown, during which requests fail at once with `throttled` and when to retry. Nothing here outlives the value:
/// the HTTP client belongs to its creator.
public struct TrendlyneClient: OpenInterestProvider {
    private let configuration: TrendlyneConfiguration
    private let queue: SiteQueue
    let requests: TrendlyneRequests
    private let now: @Sendable () -> Timestamp

    /// Creates a client.
    /// - Parameters:
    ///   - configuration: The address of Trendlyne and the rate limit.
    ///   - httpClient: An HTTP client that the caller shuts down, best made with `httpConfiguration`; by default one
    ///     that all clients share and that is never shut down.
    ///   - storage: What outlives this client: the requests of the day, a cooldown, looked-up underlyings.
    ///   - logger: Where refusals and failures are noted.
    ///   - now: The present moment.
    public init(
        configuration: TrendlyneConfiguration = TrendlyneConfiguration(),
        httpClient: HTTPClient? = nil,
        storage: TrendlyneStorage = TrendlyneStorage(),
        logger: Logger = Logger(label: "trendlyne"),
        now: @escaping @Sendable () -> Timestamp = SystemClock.now
    ) {
        let connection = TrendlyneConnection(
            configuration, httpClient: httpClient ?? TrendlyneClient.sharedHTTPClient, ledger: storage.ledger,
            logger: logger, now: now)
        self.configuration = configuration
        self.queue = SiteQueue(connection.site)
        self.requests = TrendlyneRequests(
            configuration, connection: connection, stocks: storage.stocks, logger: logger, now: now)
        self.now = now
    }

    private static let sharedHTTPClient = HTTPClient(
        eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: httpConfiguration)

    /// An HTTP configuration that fits: redirects are followed and a refused connection fails at once instead of being
    /// tried again until the time is up. Set `tlsConfiguration` for other trust roots than the system's.
    public static var httpConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .follow(max: 5, allowCycles: false)
        configuration.timeout.connect = .seconds(10)
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// The option expiries of an underlying, and the one that Trendlyne shows first.
    /// - Throws: `MarketDataError`; `notSupported` for what has no options at Trendlyne, `symbolNotFound` with the
    ///   codes found for a ticker that it does not know.
    public func expiries(of symbol: Symbol) async throws -> ExpiryList {
        let underlying = try Underlying(symbol)
        let listed = try await inTurn { deadline in
            try await requests.expiries(of: underlying, before: deadline)
        }
        let provenance = Provenance(
            source: .trendlyne, feed: "get-expiry-dates", mode: .delayed, delaySeconds: nil, asOf: now()
        )
        return ExpiryList(symbol: symbol, expiries: listed.dates, standard: listed.standard, provenance: provenance)
    }

    /// Open interest in shares of the strikes around the spot, as of the source's own stamp.
    ///
    /// A query about now gets the newest values, those of the last trading day while the market is closed; a query
    /// for a moment returns only what was known by then.
    /// - Throws: `MarketDataError`.
    public func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        let underlying = try Underlying(request.symbol)
        return try await inTurn { deadline in
            try await requests.snapshot(request, of: underlying, before: deadline)
        }
    }

    /// - Throws: `MarketDataError` `notSupported`.
    public func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        throw MarketDataError(
            .notSupported,
            "Trendlyne serves one time per request and keeps no history; history of open interest is served from "
                + "recorded snapshots; record a session with 'bhav record'",
            source: .trendlyne
        )
    }

    /// Waits for permission and fetches.
    func inTurn<Value: Sendable>(
        _ fetch: @escaping @Sendable (ContinuousClock.Instant) async throws -> Value
    ) async throws -> Value {
        try await queue.inTurn(within: configuration.timeout, fetch)
    }
}

extension TrendlyneClient: OptionChainProvider {
    /// The chain of one expiry with price, volume and implied volatility, the source's own three ratios, max pain and
    /// greeks; in shares.
    ///
    /// The response has no timestamp, so `delaySeconds` is `nil`.
    /// - Throws: `MarketDataError`; `expiryNotListed` for an expiry that Trendlyne does not list, `noDataForTime` for
    ///   one whose values are frozen.
    public func optionChain(of symbol: Symbol, expiry: CalendarDate?) async throws -> OptionChain {
        let underlying = try Underlying(symbol)
        return try await inTurn { deadline in
            try await requests.chain(of: underlying, expiry: expiry, before: deadline)
        }
    }
}

extension TrendlyneClient: ContractHistoryProvider {
    /// Price, open interest in shares and the source's build-up of one contract, in intervals of 5 or 15 minutes of the
    /// newest session.
    /// - Throws: `MarketDataError`; `unknownInterval` for another interval, `expiryNotListed`, and `noDataForTime` for
    ///   a contract without a single interval.
    public func contractHistory(_ request: ContractHistoryRequest) async throws -> ContractHistory {
        let underlying = try Underlying(request.underlying)
        return try await inTurn { deadline in
            try await requests.history(request, of: underlying, before: deadline)
        }
    }
}

extension TrendlyneClient: RequestBudget {
    /// Trendlyne.
    public var source: Provenance.Source { .trendlyne }

    /// How many requests today's quota still holds, over all processes that share the ledger; `nil` if the rate limit
    /// has no quota.
    public var requestsLeft: Int? { requests.connection.requestsLeft }
}
