import Logging
import MarketData
import PoliteHTTP
import Synchronization

/// Answers one question after another, out of memory where that is honest, otherwise by asking the site.
final class TrendlyneQuestions: Sendable {
    let connection: TrendlyneConnection
    private let configuration: TrendlyneConfiguration
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let memory = Mutex(Memory())

    init(
        _ configuration: TrendlyneConfiguration, connection: TrendlyneConnection, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.configuration = configuration
        self.connection = connection
        self.logger = logger
        self.now = now
    }

    /// The expiries of an underlying.
    func expiries(of underlying: Underlying, before deadline: ContinuousClock.Instant) async throws -> ListedExpiries {
        let symbol = underlying.symbol
        if let known = memory.withLock({ $0.expiries(of: symbol, at: now()) }) { return known }
        let id = try await id(of: underlying, before: deadline)
        let list = try await askForExpiries(stock: id, before: deadline)
        guard !list.dates.isEmpty else {
            throw MarketDataError(.notSupported, "Trendlyne lists no option expiries of \(symbol)", source: .trendlyne)
        }
        memory.withLock { $0.keep(list, of: symbol, at: now()) }
        return list
    }

    /// The snapshot of one expiry, the nearest unless one is named.
    func snapshot(
        _ request: OpenInterestRequest, of underlying: Underlying, before deadline: ContinuousClock.Instant
    ) async throws -> OpenInterestSnapshot {
        let listed = try await expiries(of: underlying, before: deadline)
        let expiry = try chosenExpiry(request, among: listed)
        let question = try SnapshotQuestion(symbol: request.symbol, expiry: expiry, at: request.at, now: now())
        if let known = memory.withLock({ $0.snapshot(answering: question, at: now()) }) { return known }
        let id = try await id(of: underlying, before: deadline)
        let snapshot = try await ask(question, stock: id, before: deadline)
        let isOpen = TradingCalendar.nse.session(containing: now(), segment: .derivatives) != nil
        let lifetime = isOpen ? configuration.answerLifetime : configuration.answerLifetimeWhenShut
        memory.withLock { $0.keep(snapshot, answering: question, for: lifetime, at: now()) }
        return snapshot
    }

    private func chosenExpiry(
        _ request: OpenInterestRequest, among listed: ListedExpiries
    ) throws(MarketDataError) -> CalendarDate {
        // The site answers an unknown or dead expiry with an empty or frozen chain, so the list decides beforehand.
        guard let expiry = request.expiry ?? listed.standard ?? listed.dates.first, listed.dates.contains(expiry) else {
            let dates = listed.dates.map(\.description).joined(separator: ", ")
            let asked = request.expiry.map(\.description) ?? "nearest"
            throw MarketDataError(
                .expiryNotListed,
                "Trendlyne does not list the expiry \(asked) of \(request.symbol); it lists \(dates)",
                source: .trendlyne
            )
        }
        return expiry
    }

    private func ask(
        _ question: SnapshotQuestion, stock: Int, before deadline: ContinuousClock.Instant
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
        _ question: SnapshotQuestion, stock: Int, before deadline: ContinuousClock.Instant
    ) async throws -> LiveOpenInterest {
        let endpoint = Endpoint.liveOpenInterest(
            stock: stock, expiry: question.expiry, minTime: question.minTime, maxTime: question.maxTime
        )
        let live = try await read(endpoint, before: deadline) { body throws(UnreadableField) in
            try LiveOpenInterest(body)
        }
        guard let live else {
            throw MarketDataError(
                .expiryNotListed,
                "Trendlyne answered for the expiry \(question.expiry) of \(question.symbol) with an empty body, as it "
                    + "does for an expiry that is unknown or over",
                source: .trendlyne
            )
        }
        return live
    }

    private func id(of underlying: Underlying, before deadline: ContinuousClock.Instant) async throws -> Int {
        if let id = underlying.knownID ?? memory.withLock({ $0.id(of: underlying.symbol) }) { return id }
        var found: [String] = []
        for code in underlying.codes {
            let stocks = try await read(.stockSearch(code), before: deadline, ListedStock.list)
            if let stock = underlying.match(in: stocks) {
                memory.withLock { $0.keep(id: stock.id, of: underlying.symbol) }
                return stock.id
            }
            found += stocks.map { "NSE:\($0.code.uppercased())" }
        }
        throw MarketDataError(
            .symbolNotFound, "Trendlyne knows no underlying with the code \(underlying.symbol.ticker)",
            source: .trendlyne, suggestions: Array(found.prefix(10))
        )
    }

    /// Asks the one place and, where that has nothing readable, the other.
    private func askForExpiries(stock: Int, before deadline: ContinuousClock.Instant) async throws -> ListedExpiries {
        do {
            let list = try await read(
                .expiryDates(stock: stock), before: deadline, ListedExpiries.ofExpiryDates)
            if !list.dates.isEmpty { return list }
        } catch let error as MarketDataError where connection.stop == nil {
            logger.info("trendlyne expiries are asked for elsewhere", metadata: ["error": "\(error)"])
        }
        return try await read(
            .contractSearchExpiryDates(stock: stock), before: deadline, ListedExpiries.ofContractSearch)
    }

    private func read<Value>(
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
