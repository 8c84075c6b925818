import MarketData
import SourceHTTP

/// Earlier responses, so that the quota is not spent on fetching them again. Bounded.
struct ResponseCache: Sendable {
    /// A list of expiries: of options, or of futures.
    struct ListKey: Hashable, Sendable {
        let symbol: Symbol
        let market: ContractMarket
    }

    /// One expiry of an underlying.
    struct ExpiryKey: Hashable, Sendable {
        let symbol: Symbol
        let expiry: CalendarDate
    }

    /// Numbers do not move.
    private var stocks: [Symbol: TrendlyneStock] = [:]
    var snapshots = ExpiringCache<SnapshotRequest, OpenInterestSnapshot>(capacity: 32)
    var chains = ExpiringCache<ExpiryKey, OptionChain>(capacity: 16)
    var histories = ExpiringCache<HistoryKey, ContractHistory>(capacity: 256)
    private var expiries = ExpiringCache<ListKey, ListedExpiries>(capacity: 1024)
    private var listedStrikes = ExpiringCache<ExpiryKey, StrikeRange>(capacity: 1024)

    /// One contract and the length of its intervals.
    struct HistoryKey: Hashable, Sendable {
        let contract: DerivativeContract
        let interval: Interval
    }

    func stock(of symbol: Symbol) -> TrendlyneStock? { stocks[symbol] }

    mutating func keep(_ stock: TrendlyneStock, of symbol: Symbol) {
        if stocks.count >= ResponseCache.mostStocks { stocks.removeAll() }
        stocks[symbol] = stock
    }

    func expiries(_ key: ListKey, at now: Timestamp) -> ListedExpiries? { expiries.value(key, at: now) }

    /// Keeps a list for an hour, and not past midnight in India.
    mutating func keep(_ list: ListedExpiries, for key: ListKey, at now: Timestamp) {
        expiries.keep(
            list, for: key, until: min(now.advanced(bySeconds: 3600), ResponseCache.midnight(after: now)), at: now)
    }

    func listedStrikes(_ key: ExpiryKey, at now: Timestamp) -> StrikeRange? { listedStrikes.value(key, at: now) }

    /// Keeps for the day which strikes are listed; new ones are added overnight.
    mutating func keep(_ strikes: StrikeRange, for key: ExpiryKey, at now: Timestamp) {
        listedStrikes.keep(strikes, for: key, until: ResponseCache.midnight(after: now), at: now)
    }

    private static func midnight(after now: Timestamp) -> Timestamp {
        IndianTime.timestamp(IndianTime.date(now).advanced(byDays: 1), ClockTime(secondsAfterMidnight: 0))
    }

    private static let mostStocks = 512
}
