import MarketData
import MarketStore

/// What live series said and is to be kept, and the series that are to be looked through. Pure and bounded.
///
/// Bars of a live series wait while it is in doubt whether they are on the price basis of the stored ones: from its first
/// bars on until these were compared, and after a break (a lost connection, a gap, a night, each bar of a day or longer)
/// until the series was looked through. Otherwise bars of after a split would stand beside those of before it, and as
/// the newest stored ones come back just so, nothing would tell any more.
struct ArchiveIntake {
    /// First bars of a live series, to be compared with the stored ones.
    struct Snapshot: Sendable {
        let key: SeriesKey
        let series: BarSeries
        let doubt: Doubt
    }

    /// One occasion on which a series came into doubt; a later one is not settled with it.
    struct Doubt: Hashable, Sendable {
        fileprivate let number: Int
    }

    /// What is known of one live series.
    private struct Heard {
        var provenance: Provenance?
        /// The opening of the newest final bar.
        var newest: Timestamp?
        var isAway = false
        var doubts = 0
        var settled = 0
        /// When it last said something, counted in events.
        var lastEvent = 0

        var isInDoubt: Bool { settled != doubts }

        mutating func doubt() { doubts += 1 }

        /// What is settled late does not bring back a later doubt that is settled.
        mutating func settle(_ doubt: Doubt) { settled = max(settled, doubt.number) }
    }

    /// How many series are remembered; beyond, the one that was silent for longest is forgotten, and what it says is
    /// kept again from its next snapshot on.
    private let mostSeries: Int
    /// How many bars of snapshots may wait; a series whose snapshot finds no room is looked through instead.
    private let mostSnapshotBars: Int
    /// How many bars of one series in doubt may wait, so that others find room; the oldest go first.
    private let mostInDoubt: Int
    /// Bars farther apart than this and their own length have a night between them.
    fileprivate static let nightSeconds: Int64 = 3_600

    private var queue: LiveBarQueue
    private var snapshots: [SeriesKey: Snapshot] = [:]
    private var snapshotBars = 0
    private var heard: [SeriesKey: Heard] = [:]
    private var events = 0
    var repairs = RepairQueue()

    init(capacity: Int, mostSeries: Int = 10_000, mostSnapshotBars: Int = 500_000, mostInDoubt: Int = 1_000) {
        queue = LiveBarQueue(capacity: capacity)
        self.mostSeries = mostSeries
        self.mostSnapshotBars = mostSnapshotBars
        self.mostInDoubt = mostInDoubt
    }

    /// How many bars wait, those of snapshots not counted.
    var waiting: Int { queue.count }

    /// How many series are remembered.
    var seriesCount: Int { heard.count }

    /// Takes an event in.
    /// - Returns: Whether the series should be looked through, and how many bars found no room.
    mutating func receive(
        _ event: BarEvent, of key: SeriesKey, at now: Timestamp
    ) -> (isRepairDue: Bool, dropped: Int) {
        var series = heard[key] ?? makeRoom()
        events += 1
        series.lastEvent = events
        defer {
            heard[key] = series
            queue.setHeld(series.isInDoubt, key)
        }
        switch event {
        case .snapshot(let snapshot):
            series.provenance = snapshot.provenance
            series.newest = snapshot.bars.last(where: \.isFinal)?.time
            series.doubt()
            guard keep(Snapshot(key: key, series: snapshot, doubt: Doubt(number: series.doubts))) else {
                return (true, snapshot.bars.count)
            }
            return (false, 0)
        case .bar(let bar):
            let isAfterBreak = bar.isFinal && key.interval.isBreak(between: series.newest, and: bar.time)
            if isAfterBreak { series.doubt() }
            return (isAfterBreak, add([bar], of: key, &series, at: now))
        case .repaired(_, let bars): return (false, add(bars, of: key, &series, at: now))
        case .gap:
            series.doubt()
            return (true, 0)
        case .status(let status):
            let wasAway = series.isAway
            series.isAway = status.state != .connected
            if series.isAway { series.doubt() }
            return (wasAway && !series.isAway, 0)
        }
    }

    /// Hands over the snapshots that wait.
    mutating func takeSnapshots() -> [Snapshot] {
        defer { (snapshots, snapshotBars) = ([:], 0) }
        return Array(snapshots.values)
    }

    /// Hands over the bars of the series that are in no doubt.
    mutating func takeBatches() -> [LiveBarQueue.Batch] {
        queue.drain { heard[$0]?.isInDoubt != true }
    }

    /// The newest doubt there is about a series; to be asked for before it is looked through.
    func doubt(of key: SeriesKey) -> Doubt { Doubt(number: heard[key]?.doubts ?? 0) }

    /// Series that are connected and whose bars wait because they are in doubt.
    var held: [SeriesKey] {
        heard.compactMap { $1.isInDoubt && !$1.isAway && queue.isWaiting($0) ? $0 : nil }
    }

    /// A series is known to be on the stored basis, as of a doubt.
    /// - Parameter newest: The newest bar that is stored by now, where the series was looked through: what waits and opens
    ///   no later is not needed any more.
    mutating func settle(_ doubt: Doubt, of key: SeriesKey, storedThrough newest: Timestamp? = nil) {
        heard[key]?.settle(doubt)
        queue.setHeld(heard[key]?.isInDoubt == true, key)
        if let newest { queue.remove(key) { $0 <= newest } }
    }

    private mutating func makeRoom() -> Heard {
        if heard.count >= mostSeries, let silent = heard.min(by: { $0.value.lastEvent < $1.value.lastEvent })?.key {
            heard[silent] = nil
            queue.remove(silent) { _ in true }
            if let snapshot = snapshots.removeValue(forKey: silent) { snapshotBars -= snapshot.series.bars.count }
        }
        return Heard()
    }

    private mutating func keep(_ snapshot: Snapshot) -> Bool {
        if let former = snapshots.removeValue(forKey: snapshot.key) { snapshotBars -= former.series.bars.count }
        let bars = snapshot.series.bars.count
        guard snapshotBars + bars <= mostSnapshotBars else { return false }
        snapshotBars += bars
        snapshots[snapshot.key] = snapshot
        return true
    }

    /// Puts final bars into the queue, and says how many found no room.
    private mutating func add(_ bars: [Bar], of key: SeriesKey, _ series: inout Heard, at now: Timestamp) -> Int {
        guard var provenance = series.provenance else { return 0 }
        provenance.asOf = max(provenance.asOf, now.advanced(bySeconds: -Int64(provenance.delaySeconds ?? 0)))
        var dropped = 0
        for bar in bars where bar.isFinal {
            if !queue.add(bar, of: key, provenance, isHeld: series.isInDoubt) { dropped += 1 }
            series.newest = max(series.newest ?? bar.time, bar.time)
        }
        return series.isInDoubt ? dropped + queue.trim(key, to: mostInDoubt) : dropped
    }
}

extension Interval {
    /// Whether prices may have been set anew between two bars, as over a night; not known without an earlier one.
    fileprivate func isBreak(between earlier: Timestamp?, and later: Timestamp) -> Bool {
        guard let earlier, later > earlier else { return false }
        guard isIntraday, let seconds else { return true }
        return later > earlier.advanced(bySeconds: seconds + ArchiveIntake.nightSeconds)
    }
}
