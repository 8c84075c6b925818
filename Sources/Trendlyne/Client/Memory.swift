import MarketData

/// What earlier answers told, so that the allowance is not spent on asking again. Bounded.
struct Memory: Sendable {
    private struct Kept<Value: Sendable>: Sendable {
        var value: Value
        var until: Timestamp
    }

    private var ids: [Symbol: Int] = [:]
    private var expiries: [Symbol: Kept<ListedExpiries>] = [:]
    private var snapshots: [SnapshotQuestion: Kept<OpenInterestSnapshot>] = [:]

    /// The number of an underlying; numbers do not move.
    func id(of symbol: Symbol) -> Int? { ids[symbol] }

    mutating func keep(id: Int, of symbol: Symbol) {
        if ids.count >= Memory.mostSymbols { ids.removeAll() }
        ids[symbol] = id
    }

    func expiries(of symbol: Symbol, at now: Timestamp) -> ListedExpiries? {
        expiries[symbol].flatMap { now < $0.until ? $0.value : nil }
    }

    /// Keeps a list for an hour, and not past midnight in India.
    mutating func keep(_ list: ListedExpiries, of symbol: Symbol, at now: Timestamp) {
        if expiries.count >= Memory.mostSymbols { expiries.removeAll() }
        let tomorrow = IndianTime.date(now).advanced(byDays: 1)
        let midnight = IndianTime.timestamp(tomorrow, ClockTime(secondsAfterMidnight: 0))
        expiries[symbol] = Kept(value: list, until: min(now.advanced(bySeconds: 3600), midnight))
    }

    func snapshot(answering question: SnapshotQuestion, at now: Timestamp) -> OpenInterestSnapshot? {
        snapshots[question].flatMap { now < $0.until ? $0.value : nil }
    }

    mutating func keep(
        _ snapshot: OpenInterestSnapshot, answering question: SnapshotQuestion, for lifetime: Duration,
        at now: Timestamp
    ) {
        snapshots = snapshots.filter { now < $0.value.until }
        guard lifetime > .zero, snapshots.count < Memory.mostSnapshots else { return }
        let until = Timestamp(milliseconds: now.milliseconds + lifetime.wholeMilliseconds)
        snapshots[question] = Kept(value: snapshot, until: until)
    }

    private static let mostSymbols = 512
    private static let mostSnapshots = 32
}
