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
        /// Whether they may not be written yet.
        var isHeld = false
    }

    private let capacity: Int
    private var waiting: [SeriesKey: Waiting] = [:]
    private(set) var count = 0
    /// How many bars are held back; at most half of all that may wait, so that they do not starve the others.
    private(set) var held = 0

    init(capacity: Int) { self.capacity = capacity }

    /// Whether bars of a series wait.
    func isWaiting(_ key: SeriesKey) -> Bool { waiting[key] != nil }

    /// Takes a final bar in; says whether there was room.
    mutating func add(_ bar: Bar, of key: SeriesKey, _ provenance: Provenance, isHeld: Bool = false) -> Bool {
        setHeld(isHeld, key)
        var series = waiting[key] ?? Waiting(provenance: provenance)
        let isNew = series.bars[bar.time] == nil
        guard !isNew || count < capacity && (!isHeld || held < capacity / 2) else { return false }
        series.bars[bar.time] = bar
        series.provenance = provenance
        series.isHeld = isHeld
        waiting[key] = series
        count += isNew ? 1 : 0
        held += isNew && isHeld ? 1 : 0
        return true
    }

    /// Says whether the bars of a series that wait are held back.
    mutating func setHeld(_ isHeld: Bool, _ key: SeriesKey) {
        guard let series = waiting[key], series.isHeld != isHeld else { return }
        held += isHeld ? series.bars.count : -series.bars.count
        waiting[key]?.isHeld = isHeld
    }

    /// Hands over the bars of the series that are due.
    mutating func drain(where isDue: (SeriesKey) -> Bool = { _ in true }) -> [Batch] {
        let due = waiting.filter { isDue($0.key) }
        for key in due.keys { remove(key) { _ in true } }
        return due.map { key, series in
            Batch(
                key: key, provenance: series.provenance, bars: series.bars.values.sorted { $0.time < $1.time })
        }
    }

    /// Lets go of bars of a series, by their opening.
    mutating func remove(_ key: SeriesKey, where isUnneeded: (Timestamp) -> Bool) {
        guard var series = waiting[key] else { return }
        let before = series.bars.count
        series.bars = series.bars.filter { !isUnneeded($0.key) }
        count -= before - series.bars.count
        held -= series.isHeld ? before - series.bars.count : 0
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
