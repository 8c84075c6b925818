import JSON
import MarketData
import SourceHTTP
import Synchronization

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
        let lifetime = answerLifetime
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
        let lifetime = answerLifetime
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
