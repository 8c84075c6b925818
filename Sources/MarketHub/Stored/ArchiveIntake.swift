import MarketData
import MarketStore

/// What live series said and is to be kept, and the series that are to be looked through. Pure and bounded.
struct ArchiveIntake {
    /// How many series may wait with their first bars.
    private static let mostSnapshots = 256

    private(set) var queue: LiveBarQueue
    private var snapshots: [SeriesKey: BarSeries] = [:]
    private var provenances: [SeriesKey: Provenance] = [:]
    private var away: Set<SeriesKey> = []
    var repairs = RepairQueue()

    init(capacity: Int) { queue = LiveBarQueue(capacity: capacity) }

    /// How many bars wait, those of snapshots not counted.
    var waiting: Int { queue.count }

    /// Hands over what waits.
    mutating func drain() -> (snapshots: [SeriesKey: BarSeries], batches: [LiveBarQueue.Batch]) {
        defer { snapshots = [:] }
        return (snapshots, queue.drain())
    }

    /// Takes an event in.
    /// - Returns: Whether the series should be looked through, and how many bars found no room.
    mutating func receive(
        _ event: BarEvent, of key: SeriesKey, at now: Timestamp
    ) -> (isRepairDue: Bool, dropped: Int) {
        switch event {
        case .snapshot(let series):
            provenances[key] = series.provenance
            guard snapshots.count < ArchiveIntake.mostSnapshots || snapshots[key] != nil else {
                return (false, series.bars.count)
            }
            snapshots[key] = series
            return (false, 0)
        case .bar(let bar): return (false, add([bar], of: key, at: now))
        case .repaired(_, let bars): return (false, add(bars, of: key, at: now))
        case .gap: return (true, 0)
        case .status(let status):
            guard status.state == .connected else {
                away.insert(key)
                return (false, 0)
            }
            return (away.remove(key) != nil, 0)
        }
    }

    /// Puts final bars into the queue, and says how many found no room.
    private mutating func add(_ bars: [Bar], of key: SeriesKey, at now: Timestamp) -> Int {
        guard var provenance = provenances[key] else { return 0 }
        provenance.asOf = max(provenance.asOf, now.advanced(bySeconds: -Int64(provenance.delaySeconds ?? 0)))
        var dropped = 0
        for bar in bars where bar.isFinal {
            if !queue.add(bar, of: key, provenance) { dropped += 1 }
        }
        return dropped
    }
}
