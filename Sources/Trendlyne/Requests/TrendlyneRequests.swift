import JSON
import Logging
import MarketData
import SourceHTTP
import Synchronization

/// Answers one question after another, out of memory where that is honest, otherwise by asking the site.
final class TrendlyneRequests: Sendable {
    let connection: TrendlyneConnection
    let now: @Sendable () -> Timestamp
    let memory = Mutex(Memory())
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

    /// How long an answer of now is given again without asking.
    var cacheLifetime: Duration {
        let isOpen = TradingCalendar.nse.session(containing: now(), segment: .derivatives) != nil
        return isOpen ? configuration.cacheLifetime : configuration.cacheLifetimeWhenClosed
    }

    /// The expiries of an underlying's options or futures.
    func expiries(
        of underlying: Underlying, _ market: ContractMarket = .options, before deadline: ContinuousClock.Instant
    ) async throws -> ListedExpiries {
        let key = Memory.ListKey(symbol: underlying.symbol, market: market)
        if let known = memory.withLock({ $0.expiries(key, at: now()) }) { return known }
        let stock = try await stock(of: underlying, before: deadline)
        let list = try await askForExpiries(of: stock, market, before: deadline)
        guard !list.dates.isEmpty else {
            throw MarketDataError(
                .notSupported, "Trendlyne lists no expiries of \(market.rawValue) on \(underlying.symbol)",
                source: .trendlyne)
        }
        memory.withLock { $0.keep(list, for: key, at: now()) }
        return list
    }

    /// The expiry that is asked for, or the nearest; only where it is listed: the site answers an unknown or dead expiry
    /// with an empty or frozen body, so the list decides beforehand.
    func chosen(
        _ expiry: CalendarDate?, of symbol: Symbol, among listed: ListedExpiries
    ) throws(MarketDataError) -> CalendarDate {
        guard let chosen = expiry ?? listed.standard ?? listed.dates.first, listed.dates.contains(chosen) else {
            let dates = listed.dates.map(\.description).joined(separator: ", ")
            throw MarketDataError(
                .expiryNotListed,
                "Trendlyne does not list the expiry \(expiry.map(\.description) ?? "nearest") of \(symbol); "
                    + "it lists \(dates)",
                source: .trendlyne
            )
        }
        return chosen
    }

    /// The error of an answer without figures, by which the site answers what it does not serve.
    func emptyBody(of expiry: CalendarDate, _ symbol: Symbol) -> MarketDataError {
        MarketDataError(
            .expiryNotListed,
            "Trendlyne answered for the expiry \(expiry) of \(symbol) with an empty body, as it does for an expiry that "
                + "is unknown or over",
            source: .trendlyne
        )
    }

    /// The number and code of an underlying: built in, remembered, or looked up.
    func stock(
        of underlying: Underlying, before deadline: ContinuousClock.Instant
    ) async throws -> TrendlyneStock {
        let symbol = underlying.symbol
        if let stock = underlying.known ?? memory.withLock({ $0.stock(of: symbol) }) { return stock }
        if let stock = stocks?.stock(of: symbol) {
            memory.withLock { $0.keep(stock, of: symbol) }
            return stock
        }
        let stock = try await lookUp(underlying, before: deadline)
        memory.withLock { $0.keep(stock, of: symbol) }
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

    /// Asks the one place and, where that has nothing readable, the other, which knows options only.
    private func askForExpiries(
        of stock: TrendlyneStock, _ market: ContractMarket, before deadline: ContinuousClock.Instant
    ) async throws -> ListedExpiries {
        do {
            let list = try await read(
                .expiryDates(stock: stock.id, market), before: deadline, ListedExpiries.ofExpiryDates)
            if !list.dates.isEmpty || market == .futures { return list }
        } catch let error as MarketDataError where connection.stop == nil && market == .options {
            logger.info("trendlyne expiries are asked for elsewhere", metadata: ["error": "\(error)"])
        }
        return try await read(
            .contractSearchExpiryDates(stock: stock.id), before: deadline, ListedExpiries.ofContractSearch)
    }

    /// Asks the site and reads what came.
    func read<Value>(
        _ endpoint: Endpoint, before deadline: ContinuousClock.Instant,
        _ read: (JSONFields) throws(UnreadableField) -> Value
    ) async throws -> Value {
        let body = try await connection.body(answering: endpoint, before: deadline)
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

    /// All listed strikes. Which those are is told by any answer; the first of the day is asked for that alone.
    private func wholeSnapshot(
        _ question: SnapshotRequest, of underlying: Underlying, before deadline: ContinuousClock.Instant
    ) async throws -> OpenInterestSnapshot {
        let key = Memory.ExpiryKey(symbol: question.symbol, expiry: question.expiry)
        if memory.withLock({ $0.listedStrikes(key, at: now()) }) == nil {
            let window = try await snapshot(question, of: underlying, before: deadline)
            if let listed = window.listedStrikes, window.strikes.count >= listed { return window }
        }
        guard let range = memory.withLock({ $0.listedStrikes(key, at: now()) }) else {
            throw MarketDataError(
                .notSupported,
                "Trendlyne does not say which strikes of \(question.symbol) are listed for \(question.expiry), so not "
                    + "all of them can be asked for",
                source: .trendlyne
            )
        }
        return try await snapshot(question.about(range), of: underlying, before: deadline)
    }

    private func snapshot(
        _ question: SnapshotRequest, of underlying: Underlying, before deadline: ContinuousClock.Instant
    ) async throws -> OpenInterestSnapshot {
        if let known = memory.withLock({ $0.snapshots.value(question, at: now()) }) { return known }
        let stock = try await stock(of: underlying, before: deadline)
        let snapshot = try await ask(question, stock: stock, before: deadline)
        let lifetime = cacheLifetime
        memory.withLock { $0.snapshots.keep(snapshot, for: question, lasting: lifetime, at: now()) }
        return snapshot
    }

    private func ask(
        _ question: SnapshotRequest, stock: TrendlyneStock, before deadline: ContinuousClock.Instant
    ) async throws -> OpenInterestSnapshot {
        let live = try await liveOpenInterest(question, stock: stock, before: deadline)
        let isLate = EchoCheck(question: question, served: live.served, now: now()).isStampedTooLate
        guard isLate, let earlier = question.oneStepEarlier else {
            return try live.snapshot(answering: question, now: now())
        }
        let again = try await liveOpenInterest(earlier, stock: stock, before: deadline)
        return try again.snapshot(answering: earlier, now: now())
    }

    private func liveOpenInterest(
        _ question: SnapshotRequest, stock: TrendlyneStock, before deadline: ContinuousClock.Instant
    ) async throws -> LiveOpenInterest {
        let endpoint = Endpoint.liveOpenInterest(stock: stock.id, question)
        let live = try await read(endpoint, before: deadline) { body throws(UnreadableField) in
            try LiveOpenInterest(body)
        }
        guard let live else { throw emptyBody(of: question.expiry, question.symbol) }
        if let listed = live.listedRange {
            let key = Memory.ExpiryKey(symbol: question.symbol, expiry: question.expiry)
            memory.withLock { $0.keep(listed, for: key, at: now()) }
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
        let key = Memory.ExpiryKey(symbol: symbol, expiry: expiry)
        if let known = memory.withLock({ $0.chains.value(key, at: now()) }) { return known }
        let stock = try await stock(of: underlying, before: deadline)
        let priced = try await read(
            .optionChain(code: stock.code.uppercased(), expiry: expiry), before: deadline
        ) { body throws(UnreadableField) in
            try PricedChain(body)
        }
        guard let priced else { throw emptyBody(of: expiry, symbol) }
        let chain = try priced.chain(of: symbol, expiry: expiry, now: now())
        let lifetime = cacheLifetime
        memory.withLock { $0.chains.keep(chain, for: key, lasting: lifetime, at: now()) }
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
        let key = Memory.HistoryKey(contract: contract, interval: request.interval)
        if let known = memory.withLock({ $0.histories.value(key, at: now()) }) { return known }
        let history = try await ask(contract, each: request.interval, of: underlying, listed, before: deadline)
        let lifetime = cacheLifetime
        memory.withLock { $0.histories.keep(history, for: key, lasting: lifetime, at: now()) }
        return history
    }

    private func ask(
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
