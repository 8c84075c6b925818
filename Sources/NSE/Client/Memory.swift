import MarketData
import SourceHTTP

/// What earlier answers told, so that the site is not asked again. Bounded.
struct Memory: Sendable {
    private var listings = ExpiringCache<Symbol, ListedContracts>(capacity: 512)
    private var snapshots = ExpiringCache<ChainRequest, OpenInterestSnapshot>(capacity: 32)
    private var gone: [ChainGeneration: Timestamp] = [:]

    func listing(of symbol: Symbol, at now: Timestamp) -> ListedContracts? { listings.value(symbol, at: now) }

    /// Keeps a list for an hour, and not past midnight in India.
    mutating func keep(_ listing: ListedContracts, of symbol: Symbol, at now: Timestamp) {
        let tomorrow = IndianTime.date(now).advanced(byDays: 1)
        let midnight = IndianTime.timestamp(tomorrow, ClockTime(secondsAfterMidnight: 0))
        listings.keep(listing, for: symbol, until: min(now.advanced(bySeconds: 3600), midnight), at: now)
    }

    func snapshot(answering question: ChainRequest, at now: Timestamp) -> OpenInterestSnapshot? {
        snapshots.value(question, at: now)
    }

    mutating func keep(
        _ snapshot: OpenInterestSnapshot, answering question: ChainRequest, for lifetime: Duration, at now: Timestamp
    ) {
        snapshots.keep(snapshot, for: question, lasting: lifetime, at: now)
    }

    /// Notes that a generation's address answered 404.
    mutating func noteGone(_ generation: ChainGeneration, at now: Timestamp) {
        gone[generation] = now.advanced(bySeconds: 3600)
    }

    /// The generations in the order in which to ask them, without those whose address was gone within the hour; all of
    /// them where that leaves none.
    func generations(at now: Timestamp) -> [ChainGeneration] {
        let alive = ChainGeneration.allCases.filter { generation in gone[generation].map { now >= $0 } ?? true }
        return alive.isEmpty ? ChainGeneration.allCases : alive
    }
}
