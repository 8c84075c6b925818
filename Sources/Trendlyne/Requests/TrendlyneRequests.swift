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
    private let stocks: (any StockMemory)?
    private let logger: Logger

    init(
        _ configuration: TrendlyneConfiguration, connection: TrendlyneConnection, stocks: (any StockMemory)?,
        logger: Logger, now: @escaping @Sendable () -> Timestamp
    ) {
        self.configuration = configuration
        self.connection = connection
        self.stocks = stocks
        self.logger = logger
        self.now = now
    }

    /// How long an answer of now is given again without asking.
    var answerLifetime: Duration {
        let isOpen = TradingCalendar.nse.session(containing: now(), segment: .derivatives) != nil
        return isOpen ? configuration.answerLifetime : configuration.answerLifetimeWhenShut
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
