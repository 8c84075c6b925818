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

    /// Hands over the bars of the series that are due.
    mutating func drain(where isDue: (SeriesKey) -> Bool = { _ in true }) -> [Batch] {
        let due = waiting.filter { isDue($0.key) }
        for (key, series) in due {
            waiting[key] = nil
            count -= series.bars.count
        }
        return due.map { key, series in
            Batch(
                key: key, provenance: series.provenance, bars: series.bars.values.sorted { $0.time < $1.time })
        }
    }

    /// Lets go of bars of a series, by their opening.
    mutating func remove(_ key: SeriesKey, where isUnneeded: (Timestamp) -> Bool) {
        guard var series = waiting[key] else { return }
        count -= series.bars.count
        series.bars = series.bars.filter { !isUnneeded($0.key) }
        count += series.bars.count
        waiting[key] = series.bars.isEmpty ? nil : series
    }

    /// Lets go of the oldest bars of a series beyond a number; says how many went.
    mutating func trim(_ key: SeriesKey, to most: Int) -> Int {
        guard let bars = waiting[key]?.bars, bars.count > most else { return 0 }
        let first = bars.keys.sorted()[bars.count - most]
        remove(key) { $0 < first }
        return bars.count - most
    }
}
