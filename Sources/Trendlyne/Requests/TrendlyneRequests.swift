import JSON
import Logging
import MarketData
import SourceHTTP
import Synchronization

/// Serves one request after another, from the cache while that is current, otherwise from the site.
final class TrendlyneRequests: Sendable {
    let connection: TrendlyneConnection
    let now: @Sendable () -> Timestamp
    let cache = Mutex(ResponseCache())
    private let configuration: TrendlyneConfiguration
    private let stocks: (any StockStorage)?
    private let logger: Logger

    init(
        _ configuration: TrendlyneConfiguration, connection: TrendlyneConnection, stocks: (any StockStorage)?,
        logger: Logger, now: @escaping @Sendable () -> Timestamp
    ) {
        self.configuration = configuration
        self.connection = connection
        self.stocks = stocks
        self.logger = logger
        self.now = now
    }

    /// How long a response of now is served from the cache.
    var cacheLifetime: Duration {
        let isOpen = TradingCalendar.nse.session(containing: now(), segment: .derivatives) != nil
        return isOpen ? configuration.cacheLifetime : configuration.cacheLifetimeWhenClosed
    }

    /// The expiries of an underlying's options or futures.
    func expiries(
        of underlying: Underlying, _ market: ContractMarket = .options, before deadline: ContinuousClock.Instant
    ) async throws -> ListedExpiries {
        let key = ResponseCache.ListKey(symbol: underlying.symbol, market: market)
        if let known = cache.withLock({ $0.expiries(key, at: now()) }) { return known }
        let stock = try await stock(of: underlying, before: deadline)
        let list = try await fetchExpiries(of: stock, market, before: deadline)
        guard !list.dates.isEmpty else {
            throw MarketDataError(
                .notSupported, "Trendlyne lists no expiries of \(market.rawValue) on \(underlying.symbol)",
                source: .trendlyne)
        }
        cache.withLock { $0.keep(list, for: key, at: now()) }
        return list
    }

    /// The expiry that is requested, or the nearest; only where it is listed: the site responds to an unknown or
    /// expired expiry with an empty or frozen body, so the list decides beforehand.
    func chosen(
        _ expiry: CalendarDate?, of symbol: Symbol, among listed: ListedExpiries
    ) throws(MarketDataError) -> CalendarDate {
        guard let chosen = expiry ?? listed.standard ?? listed.dates.first, listed.dates.contains(chosen) else {
            let requested = expiry.map(\.description) ?? "nearest"
            throw .expiryNotListed(
                expiry, among: listed.dates, "Trendlyne does not list the expiry \(requested) of \(symbol)",
                source: .trendlyne)
        }
        return chosen
    }

    /// The error of a response without values, which the site sends for data that it does not have.
    func emptyBody(of expiry: CalendarDate, _ symbol: Symbol) -> MarketDataError {
        MarketDataError(
            .expiryNotListed,
            "Trendlyne returned an empty body for the expiry \(expiry) of \(symbol), as it does for an expiry that "
                + "is unknown or over",
            source: .trendlyne
        )
    }

    /// The number and code of an underlying: built in, remembered, or looked up.
    func stock(
        of underlying: Underlying, before deadline: ContinuousClock.Instant
    ) async throws -> TrendlyneStock {
        let symbol = underlying.symbol
        if let stock = underlying.known ?? cache.withLock({ $0.stock(of: symbol) }) { return stock }
        if let stock = stocks?.stock(of: symbol) {
            cache.withLock { $0.keep(stock, of: symbol) }
            return stock
        }
        let stock = try await lookUp(underlying, before: deadline)
        cache.withLock { $0.keep(stock, of: symbol) }
        stocks?.keep(stock, of: symbol)
        return stock
    }

    private func lookUp(
        _ underlying: Underlying, before deadline: ContinuousClock.Instant
    ) async throws -> TrendlyneStock {
        var found: [String] = []
        for code in underlying.codes {
            let hits = try await read(.stockSearch(code), before: deadline, TrendlyneStock.list)
            if let stock = underlying.match(in: hits) { return stock }
            found += hits.map { "NSE:\($0.code.uppercased())" }
        }
        throw MarketDataError(
            .symbolNotFound, "Trendlyne knows no underlying with the code \(underlying.symbol.ticker)",
            source: .trendlyne, suggestions: Array(found.prefix(10))
        )
    }

    /// Tries the one address and, where that has nothing readable, the other, which knows options only.
    private func fetchExpiries(
        of stock: TrendlyneStock, _ market: ContractMarket, before deadline: ContinuousClock.Instant
    ) async throws -> ListedExpiries {
        do {
            let list = try await read(
                .expiryDates(stock: stock.id, market), before: deadline, ListedExpiries.ofExpiryDates)
            if !list.dates.isEmpty || market == .futures { return list }
        } catch let error as MarketDataError where connection.cooldown == nil && market == .options {
            logger.info("trendlyne expiries are fetched from another address", metadata: ["error": "\(error)"])
        }
        return try await read(
            .contractSearchExpiryDates(stock: stock.id), before: deadline, ListedExpiries.ofContractSearch)
    }

    /// Sends a request and reads the response.
    func read<Value>(
        _ endpoint: Endpoint, before deadline: ContinuousClock.Instant,
        _ read: (JSONFields) throws(UnreadableField) -> Value
    ) async throws -> Value {
        let body = try await connection.body(for: endpoint, before: deadline)
        do {
            return try read(body)
        } catch {
            throw connection.error(error, in: endpoint)
        }
    }
}

extension TrendlyneRequests {
    /// The snapshot of one expiry, the nearest unless one is named.
    func snapshot(
        _ request: OpenInterestRequest, of underlying: Underlying, before deadline: ContinuousClock.Instant
    ) async throws -> OpenInterestSnapshot {
        let listed = try await expiries(of: underlying, before: deadline)
        let expiry = try chosen(request.expiry, of: request.symbol, among: listed)
        let usual = try SnapshotRequest(symbol: request.symbol, expiry: expiry, at: request.at, now: now())
        switch request.strikes {
        case .usual: return try await snapshot(usual, of: underlying, before: deadline)
        case .range(let from, let to):
            return try await snapshot(usual.about(StrikeRange(from: from, to: to)), of: underlying, before: deadline)
        case .all: return try await wholeSnapshot(usual, of: underlying, before: deadline)
        }
    }

    /// All listed strikes. Every response lists them; the first of the day is fetched for that alone.
    private func wholeSnapshot(
        _ query: SnapshotRequest, of underlying: Underlying, before deadline: ContinuousClock.Instant
    ) async throws -> OpenInterestSnapshot {
        let key = ResponseCache.ExpiryKey(symbol: query.symbol, expiry: query.expiry)
        if cache.withLock({ $0.listedStrikes(key, at: now()) }) == nil {
            let window = try await snapshot(query, of: underlying, before: deadline)
            if let listed = window.listedStrikes, window.strikes.count >= listed { return window }
        }
        guard let range = cache.withLock({ $0.listedStrikes(key, at: now()) }) else {
            throw MarketDataError(
                .notSupported,
                "Trendlyne does not say which strikes of \(query.symbol) are listed for \(query.expiry), so not "
                    + "all of them cannot be requested",
                source: .trendlyne
            )
        }
        return try await snapshot(query.about(range), of: underlying, before: deadline)
    }

    private func snapshot(
        _ query: SnapshotRequest, of underlying: Underlying, before deadline: ContinuousClock.Instant
    ) async throws -> OpenInterestSnapshot {
        if let known = cache.withLock({ $0.snapshots.value(query, at: now()) }) { return known }
        let stock = try await stock(of: underlying, before: deadline)
        let snapshot = try await fetch(query, stock: stock, before: deadline)
        let lifetime = cacheLifetime
        cache.withLock { $0.snapshots.keep(snapshot, for: query, lasting: lifetime, at: now()) }
        return snapshot
    }

    private func fetch(
        _ query: SnapshotRequest, stock: TrendlyneStock, before deadline: ContinuousClock.Instant
    ) async throws -> OpenInterestSnapshot {
        let live = try await liveOpenInterest(query, stock: stock, before: deadline)
        let isLate = EchoCheck(query: query, served: live.served, now: now()).isStampedTooLate
        guard isLate, let earlier = query.oneStepEarlier else {
            return try live.snapshot(for: query, now: now())
        }
        let again = try await liveOpenInterest(earlier, stock: stock, before: deadline)
        return try again.snapshot(for: earlier, now: now())
    }

    private func liveOpenInterest(
        _ query: SnapshotRequest, stock: TrendlyneStock, before deadline: ContinuousClock.Instant
    ) async throws -> LiveOpenInterest {
        let endpoint = Endpoint.liveOpenInterest(stock: stock.id, query)
        let live = try await read(endpoint, before: deadline) { body throws(UnreadableField) in
            try LiveOpenInterest(body)
        }
        guard let live else { throw emptyBody(of: query.expiry, query.symbol) }
        if let listed = live.listedRange {
            let key = ResponseCache.ExpiryKey(symbol: query.symbol, expiry: query.expiry)
            cache.withLock { $0.keep(listed, for: key, at: now()) }
        }
        return live
    }
}

extension TrendlyneRequests {
    /// The chain of one expiry with prices, the nearest unless one is named.
    func chain(
        of underlying: Underlying, expiry: CalendarDate?, before deadline: ContinuousClock.Instant
    ) async throws -> OptionChain {
        let symbol = underlying.symbol
        let listed = try await expiries(of: underlying, before: deadline)
        let expiry = try chosen(expiry, of: symbol, among: listed)
        let key = ResponseCache.ExpiryKey(symbol: symbol, expiry: expiry)
        if let known = cache.withLock({ $0.chains.value(key, at: now()) }) { return known }
        let stock = try await stock(of: underlying, before: deadline)
        let priced = try await read(
            .optionChain(code: stock.code.uppercased(), expiry: expiry), before: deadline
        ) { body throws(UnreadableField) in
            try PricedChain(body)
        }
        guard let priced else { throw emptyBody(of: expiry, symbol) }
        let chain = try priced.chain(of: symbol, expiry: expiry, now: now())
        let lifetime = cacheLifetime
        cache.withLock { $0.chains.keep(chain, for: key, lasting: lifetime, at: now()) }
        return chain
    }

    /// The intervals of one contract through the newest session.
    func history(
        _ request: ContractHistoryRequest, of underlying: Underlying, before deadline: ContinuousClock.Instant
    ) async throws -> ContractHistory {
        guard request.interval.unit == .minute, [5, 15].contains(request.interval.count) else {
            throw MarketDataError(
                .unknownInterval,
                "Trendlyne has the history of single contracts in intervals of 5m and 15m, not of \(request.interval)",
                source: .trendlyne
            )
        }
        let market: ContractMarket = request.kind == .future ? .futures : .options
        let listed = try await expiries(of: underlying, market, before: deadline)
        let expiry = try chosen(request.expiry, of: request.underlying, among: listed)
        let contract = DerivativeContract(underlying: request.underlying, expiry: expiry, kind: request.kind)
        let key = ResponseCache.HistoryKey(contract: contract, interval: request.interval)
        if let known = cache.withLock({ $0.histories.value(key, at: now()) }) { return known }
        let history = try await fetch(contract, each: request.interval, of: underlying, listed, before: deadline)
        let lifetime = cacheLifetime
        cache.withLock { $0.histories.keep(history, for: key, lasting: lifetime, at: now()) }
        return history
    }

    private func fetch(
        _ contract: DerivativeContract, each interval: Interval, of underlying: Underlying, _ listed: ListedExpiries,
        before deadline: ContinuousClock.Instant
    ) async throws -> ContractHistory {
        let stock = try await stock(of: underlying, before: deadline)
        let rank = ExpiryRank(contract.expiry, in: listed.dates) ?? .near
        let endpoint = Endpoint.buildUp(
            minutes: interval.count, contract, rank: rank, code: stock.code.uppercased())
        guard let intervals = try await read(endpoint, before: deadline, BuildUpInterval.list) else {
            throw MarketDataError(
                .noDataForTime,
                "Trendlyne has no interval of \(contract): it is not listed, or not an interval of the session is over",
                source: .trendlyne
            )
        }
        return try ContractHistory(intervals, of: contract, each: interval, now: now())
    }
}
