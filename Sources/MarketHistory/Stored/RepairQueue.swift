import MarketData
import MarketStore

/// Series that wait to be looked through, first come first served, each once. Pure and bounded.
struct RepairQueue {
    private static let most = 100_000
    private var keys: [SeriesKey] = []
    private var known: Set<SeriesKey> = []

    /// How many wait.
    var count: Int { keys.count }

    /// Puts a series at the end, where it does not wait already.
    mutating func add(_ key: SeriesKey) {
        guard keys.count < RepairQueue.most, known.insert(key).inserted else { return }
        keys.append(key)
    }

    /// Takes the first one out.
    mutating func next() -> SeriesKey? {
        guard !keys.isEmpty else { return nil }
        let key = keys.removeFirst()
        known.remove(key)
        return key
    }
}
