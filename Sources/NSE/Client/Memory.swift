import MarketData

/// What earlier answers told, so that the site is not asked again. Bounded.
struct Memory: Sendable {
    private struct Kept<Value: Sendable>: Sendable {
        var value: Value
        var until: Timestamp
    }

    private var listings: [Symbol: Kept<ListedContracts>] = [:]
    private var snapshots: [ChainQuestion: Kept<OpenInterestSnapshot>] = [:]
    private var gone: [ChainGeneration: Timestamp] = [:]

    func listing(of symbol: Symbol, at now: Timestamp) -> ListedContracts? {
        listings[symbol].flatMap { now < $0.until ? $0.value : nil }
    }

    /// Keeps a list for an hour, and not past midnight in India.
    mutating func keep(_ listing: ListedContracts, of symbol: Symbol, at now: Timestamp) {
        if listings.count >= Memory.mostSymbols { listings.removeAll() }
        let tomorrow = IndianTime.date(now).advanced(byDays: 1)
        let midnight = IndianTime.timestamp(tomorrow, ClockTime(secondsAfterMidnight: 0))
        listings[symbol] = Kept(value: listing, until: min(now.advanced(bySeconds: 3600), midnight))
    }

    func snapshot(answering question: ChainQuestion, at now: Timestamp) -> OpenInterestSnapshot? {
        snapshots[question].flatMap { now < $0.until ? $0.value : nil }
    }

    mutating func keep(
        _ snapshot: OpenInterestSnapshot, answering question: ChainQuestion, for lifetime: Duration, at now: Timestamp
    ) {
        snapshots = snapshots.filter { now < $0.value.until }
        guard lifetime > .zero, snapshots.count < Memory.mostSnapshots else { return }
        let until = Timestamp(milliseconds: now.milliseconds + lifetime.wholeMilliseconds)
        snapshots[question] = Kept(value: snapshot, until: until)
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

    private static let mostSymbols = 512
    private static let mostSnapshots = 32
}
