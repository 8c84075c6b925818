import MarketData
import MarketStore

/// Final bars of live series that wait to be written. Pure and bounded: a bar that comes again takes its own place, and
/// what finds no room is left to the next question, for no coverage claims it.
struct LiveBarQueue {
    /// The bars of one series that wait.
    struct Batch: Sendable {
        let key: SeriesKey
        /// Who gave them, as of the newest.
        let provenance: Provenance
        /// Ascending.
        let bars: [Bar]
    }

    private struct Waiting {
        var provenance: Provenance
        var bars: [Timestamp: Bar] = [:]
    }

    private let capacity: Int
    private var waiting: [SeriesKey: Waiting] = [:]
    private(set) var count = 0

    init(capacity: Int) { self.capacity = capacity }

    /// Takes a final bar in; says whether there was room.
    mutating func add(_ bar: Bar, of key: SeriesKey, _ provenance: Provenance) -> Bool {
        var series = waiting[key] ?? Waiting(provenance: provenance)
        let isNew = series.bars[bar.time] == nil
        guard !isNew || count < capacity else { return false }
        series.bars[bar.time] = bar
        series.provenance = provenance
        waiting[key] = series
        count += isNew ? 1 : 0
        return true
    }

    /// Hands everything over.
    mutating func drain() -> [Batch] {
        defer {
            waiting = [:]
            count = 0
        }
        return waiting.map { key, series in
            Batch(
                key: key, provenance: series.provenance, bars: series.bars.values.sorted { $0.time < $1.time })
        }
    }
}
