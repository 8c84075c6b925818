import MarketData
import PoliteHTTP

/// What earlier answers told, so that the allowance is not spent on asking again. Bounded.
struct Memory: Sendable {
    private var ids: [Symbol: Int] = [:]
    private var expiries = ExpiringCache<Symbol, ListedExpiries>(capacity: 512)
    private var snapshots = ExpiringCache<SnapshotQuestion, OpenInterestSnapshot>(capacity: 32)

    /// The number of an underlying; numbers do not move.
    func id(of symbol: Symbol) -> Int? { ids[symbol] }

    mutating func keep(id: Int, of symbol: Symbol) {
        if ids.count >= Memory.mostSymbols { ids.removeAll() }
        ids[symbol] = id
    }

    func expiries(of symbol: Symbol, at now: Timestamp) -> ListedExpiries? { expiries.value(symbol, at: now) }

    /// Keeps a list for an hour, and not past midnight in India.
    mutating func keep(_ list: ListedExpiries, of symbol: Symbol, at now: Timestamp) {
        let tomorrow = IndianTime.date(now).advanced(byDays: 1)
        let midnight = IndianTime.timestamp(tomorrow, ClockTime(secondsAfterMidnight: 0))
        expiries.keep(list, for: symbol, until: min(now.advanced(bySeconds: 3600), midnight), at: now)
    }

    func snapshot(answering question: SnapshotQuestion, at now: Timestamp) -> OpenInterestSnapshot? {
        snapshots.value(question, at: now)
    }

    mutating func keep(
        _ snapshot: OpenInterestSnapshot, answering question: SnapshotQuestion, for lifetime: Duration,
        at now: Timestamp
    ) {
        snapshots.keep(snapshot, for: question, lasting: lifetime, at: now)
    }

    private static let mostSymbols = 512
}
