public import AsyncHTTPClient
public import Logging
public import MarketData
import NIOCore
import NIOHTTPCompression
import SourceHTTP

/// Open interest of NSE options from the exchange's own web site, which is not a published interface.
///
/// Three generations of the site's addresses are tried in order, the newest first. One request is sent at a time,
/// within the rate limit of the configuration; a site that rejected us gets a cooldown, during which requests fail at
/// once with `throttled` and when to come back. The site serves only what is now; past days come from the exchange's
/// archive of daily files, which is another host with its own rate limit. Nothing here outlives the value: the
/// HTTP client belongs to its creator.
public struct NSEClient: OpenInterestProvider {
    private let configuration: NSEConfiguration
    private let queue: SiteQueue
    private let requests: NSERequests
    let archive: BhavcopyArchive
    private let now: @Sendable () -> Timestamp

    /// Creates a client.
    /// - Parameters:
    ///   - configuration: The addresses of NSE's site and the rate limits.
    ///   - httpClient: An HTTP client that the caller shuts down, made with `httpConfiguration` or another that
    ///     decompresses, since requests accept gzip as a browser's do; by default one that all clients share and that
    ///     is never shut down.
    ///   - logger: Where refusals and failures are noted.
    ///   - now: The present moment.
    public init(
        configuration: NSEConfiguration = NSEConfiguration(),
        httpClient: HTTPClient? = nil,
        logger: Logger = Logger(label: "nse"),
        now: @escaping @Sendable () -> Timestamp = SystemClock.now
    ) {
        let httpClient = httpClient ?? NSEClient.sharedHTTPClient
        let connection = NSEConnection(configuration, httpClient: httpClient, logger: logger, now: now)
        self.configuration = configuration
        self.queue = SiteQueue(connection.site)
        let archives = ArchiveConnection(configuration, httpClient: httpClient, logger: logger, now: now)
        self.requests = NSERequests(
            configuration, connection: connection, lots: MarketLotsList(archives, logger: logger, now: now),
            logger: logger, now: now)
        self.archive = BhavcopyArchive(
            archives, timeout: configuration.timeout, logger: logger, now: now)
        self.now = now
    }

    private static let sharedHTTPClient = HTTPClient(
        eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: httpConfiguration)

    /// An HTTP configuration that fits: responses are decompressed, redirects are not followed (the cookies come with
    /// the first response), and a refused connection fails at once. Set `tlsConfiguration` for other trust roots.
    public static var httpConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .enabled(limit: .size(64 << 20))
        configuration.timeout.connect = .seconds(10)
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// The option expiries of an underlying, nearest first.
    /// - Throws: `MarketDataError`; `notSupported` for what has no options at NSE.
    public func expiries(of symbol: Symbol) async throws -> ExpiryList {
        let underlying = try Underlying(symbol)
        let listed = try await inTurn { deadline in
            try await requests.listing(of: underlying, before: deadline)
        }
        let present = now()
        let provenance = Provenance(
            source: .nse, feed: "option expiries", mode: .delayed, delaySeconds: nil, asOf: present
        )
        return ExpiryList(
            symbol: symbol, expiries: listed.expiries,
            standard: listed.expiries.first { $0 >= IndianTime.date(present) }, provenance: provenance
        )
    }

    /// Open interest, in shares where the lot of the expiry is known, otherwise in contracts, which may be fractional.
    ///
    /// A query about now gets the strikes that the site shows, as of their stamp; while the market is closed, these
    /// are the values of the last trading day. A query about a past moment gets the close of the newest trading day
    /// that was over by then, out of the exchange's daily file, with every strike and every expiry of that day.
    /// - Throws: `MarketDataError`; `noDataForTime` for a future moment and for a day without a file.
    public func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        let underlying = try Underlying(request.symbol)
        guard let moment = try ChainRequest.pastMoment(request.at, now: now()) else {
            return try await chain(request, of: underlying)
        }
        do {
            return try await archive.snapshot(request, at: moment)
        } catch let error as MarketDataError where error.code == .noDataForTime && isStillClosed(since: moment) {
            // Until the day's file is there, the site itself shows the day's close.
            do {
                return try await chain(request, of: underlying)
            } catch is MarketDataError {
                throw error
            }
        }
    }

    private func chain(_ request: OpenInterestRequest, of underlying: Underlying) async throws -> OpenInterestSnapshot {
        try await inTurn { deadline in try await requests.snapshot(request, of: underlying, before: deadline) }
    }

    /// Whether derivatives have not been traded since a moment.
    private func isStillClosed(since moment: Timestamp) -> Bool {
        let session = TradingCalendar.nse.latestSession(at: now(), segment: .derivatives)
        return session.closes <= moment
    }

    /// The closing snapshots of one expiry (`nil`: the nearest at the end), of each day that closed within the range
    /// and listed it, out of the exchange's daily files. Days without a file are left out.
    /// - Throws: `MarketDataError`; `tooLarge` for a range of more than 66 trading days, `noDataForTime` where no day
    ///   closed within it, `expiryNotListed`.
    public func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        _ = try Underlying(symbol)
        return try await archive.history(of: symbol, expiry: expiry, within: range)
    }

    /// Waits for its turn and fetches, all within one time limit.
    private func inTurn<Value: Sendable>(
        _ fetch: @escaping @Sendable (ContinuousClock.Instant) async throws -> Value
    ) async throws -> Value {
        try await queue.inTurn(within: configuration.timeout) { deadline in
            do {
                return try await fetch(deadline)
            } catch let refusal as Refusal {
                throw refusal.error
            }
        }
    }
}

extension NSEClient: ClosingOpenInterestProvider {
    /// NSE.
    public var source: Provenance.Source { .nse }

    /// The closing snapshots of one expiry out of the exchange's daily files, one file a day.
    /// - Throws: `MarketDataError`; `tooLarge` for more than 66 days, `noDataForTime`, `expiryNotListed`.
    public func closingOpenInterest(
        of symbol: Symbol, expiry: CalendarDate, on days: [CalendarDate]
    ) async throws -> [OpenInterestSnapshot] {
        _ = try Underlying(symbol)
        return try await archive.snapshots(of: symbol, expiry: expiry, on: days)
    }
}

extension NSEClient: PastExpiryProvider {
    /// The expiries that were listed at a moment: in the newest session those of the site, before it those of the
    /// daily file of the newest trading day that was over by then.
    /// - Throws: `MarketDataError`; `noDataForTime` for a day without a file.
    public func expiries(of symbol: Symbol, at moment: Timestamp) async throws -> ExpiryList {
        _ = try Underlying(symbol)
        let calendar = TradingCalendar.nse
        let session = calendar.latestSession(at: now(), segment: .derivatives)
        guard moment < session.opens else { return try await expiries(of: symbol) }
        return try await archive.expiries(of: symbol, at: moment)
    }
}

extension NSEClient: OptionChainProvider {
    /// The chain of one expiry (`nil`: the nearest) with last prices, volumes and the site's own implied volatilities,
    /// as of the site's stamp.
    ///
    /// The site computes a volatility by Black-Scholes on the spot at a rate of 10 %, and has 0 where it has none; such
    /// a zero is `nil` here. It serves no ratios with a chain.
    /// - Throws: `MarketDataError`, as `openInterest`.
    public func optionChain(of symbol: Symbol, expiry: CalendarDate?) async throws -> OptionChain {
        OptionChain(snapshot: try await openInterest(OpenInterestRequest(symbol: symbol, expiry: expiry)))
    }
}
