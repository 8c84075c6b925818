import MarketData
import MarketStore

/// Final bars of live series that wait to be written. Pure and bounded: a bar that comes again takes its own place; what
/// finds no room is fetched with the next request, for no coverage claims it.
struct LiveBarIntake {
    /// What one series has to be written.
    struct Batch: Sendable {
        let key: SeriesKey
        /// The first bars of a live series, with their coverage; they are written before `bars`.
        let snapshot: BarSeries?
        /// The source of the bars, as of the newest.
        let provenance: Provenance?
        /// Ascending.
        let bars: [Bar]
        /// The feed's last break: the stored bar that these follow must have been confirmed since.
        let confirmedSince: Timestamp
    }

    /// How much may wait.
    struct Limits: Sendable {
        /// Bars, those of snapshots not counted.
        var bars = 50_000
        /// Bars of snapshots; a series whose snapshot finds no room is repaired instead.
        var snapshotBars = 500_000
        /// Series that are remembered; beyond, the one that was silent for longest is forgotten until its next snapshot.
        var series = 10_000
    }

    private struct Series {
        var provenance: Provenance?
        /// The opening of the newest final bar.
        var newest: Timestamp?
        var confirmedSince = TimeRange.always.to
        var isDisconnected = false
        /// When its last event came, counted in events.
        var lastEvent = 0
        var snapshot: BarSeries?
        var bars: [Timestamp: Bar] = [:]

        /// The moment of the market that the feed reports now.
        func moment(_ now: Timestamp) -> Timestamp {
            now.advanced(bySeconds: -Int64(provenance?.delaySeconds ?? 0))
        }
    }

    private let limits: Limits
    private var series: [SeriesKey: Series] = [:]
    private var snapshotBars = 0
    private var events = 0
    /// How many bars wait, those of snapshots not counted.
    private(set) var waiting = 0

    init(_ limits: Limits = Limits()) { self.limits = limits }

    /// How many series are remembered.
    var seriesCount: Int { series.count }

    /// Takes an event in.
    /// - Returns: Whether the series should be repaired, and how many bars found no room.
    mutating func receive(
        _ event: BarEvent, of key: SeriesKey, at now: Timestamp
    ) -> (isRepairDue: Bool, dropped: Int) {
        var live = series[key] ?? makeRoom()
        events += 1
        live.lastEvent = events
        defer { series[key] = live }
        switch event {
        case .snapshot(let snapshot):
            live.provenance = snapshot.provenance
            live.newest = snapshot.bars.last(where: \.isFinal)?.time
            live.confirmedSince = snapshot.provenance.asOf
            snapshotBars -= live.snapshot?.bars.count ?? 0
            let hasRoom = snapshotBars + snapshot.bars.count <= limits.snapshotBars
            live.snapshot = hasRoom ? snapshot : nil
            snapshotBars += live.snapshot?.bars.count ?? 0
            return hasRoom ? (false, 0) : (true, snapshot.bars.count)
        case .bar(let bar):
            let isAfterBreak = bar.isFinal && key.interval.isBreak(between: live.newest, and: bar.time)
            if isAfterBreak { live.confirmedSince = live.moment(now) }
            return (isAfterBreak, add([bar], &live, at: now))
        case .repaired(_, let bars): return (false, add(bars, &live, at: now))
        case .gap:
            live.confirmedSince = live.moment(now)
            return (true, 0)
        case .status(let status):
            let wasDisconnected = live.isDisconnected
            live.isDisconnected = status.state != .connected
            if live.isDisconnected { live.confirmedSince = live.moment(now) }
            return (wasDisconnected && !live.isDisconnected, 0)
        }
    }

    /// Hands over what waits.
    mutating func take() -> [Batch] {
        let batches = series.compactMap { key, live in
            live.snapshot == nil && live.bars.isEmpty
                ? nil
                : Batch(
                    key: key, snapshot: live.snapshot, provenance: live.provenance,
                    bars: live.bars.values.sorted { $0.time < $1.time }, confirmedSince: live.confirmedSince)
        }
        for batch in batches {
            series[batch.key]?.snapshot = nil
            series[batch.key]?.bars = [:]
        }
        (waiting, snapshotBars) = (0, 0)
        return batches
    }

    private mutating func makeRoom() -> Series {
        if series.count >= limits.series, let silent = series.min(by: { $0.value.lastEvent < $1.value.lastEvent }) {
            waiting -= silent.value.bars.count
            snapshotBars -= silent.value.snapshot?.bars.count ?? 0
            series[silent.key] = nil
        }
        return Series()
    }

    /// Queues final bars and returns how many were dropped because the queue is full. Without a snapshot before them their
    /// source is unknown.
    private mutating func add(_ bars: [Bar], _ live: inout Series, at now: Timestamp) -> Int {
        guard let provenance = live.provenance else { return 0 }
        let moment = live.moment(now)
        live.provenance?.asOf = max(provenance.asOf, moment)
        var dropped = 0
        for bar in bars where bar.isFinal {
            live.newest = max(live.newest ?? bar.time, bar.time)
            if live.bars[bar.time] == nil {
                guard waiting < limits.bars else {
                    dropped += 1
                    continue
                }
                waiting += 1
            }
            live.bars[bar.time] = bar
        }
        return dropped
    }
}

extension Interval {
    /// Bars farther apart than this and their own length have a night between them.
    private static let nightSeconds: Int64 = 3_600

    /// Whether prices may have been adjusted between two bars, as overnight; `false` without an earlier bar.
    fileprivate func isBreak(between earlier: Timestamp?, and later: Timestamp) -> Bool {
        guard let earlier, later > earlier else { return false }
        guard isIntraday, let seconds else { return true }
        return later > earlier.advanced(bySeconds: seconds + Interval.nightSeconds)
    }
}

extension BarEvent {
    /// Whether it is the first bars of a live series.
    var isSnapshot: Bool { if case .snapshot = self { true } else { false } }
}

/// Series that wait to be repaired, first come first served, each once; one whose repair failed waits for longer after
/// each failure. Pure and bounded.
struct RepairQueue {
    /// How long a series is left alone.
    private struct Pause {
        /// `nil` once the series is in the queue again.
        var begin: Timestamp?
        let seconds: Int64

        /// Whether it lasts. A clock that was moved to before its beginning ends it.
        func lasts(at now: Timestamp) -> Bool {
            begin.map { $0 <= now && now < $0.advanced(bySeconds: seconds) } ?? false
        }
    }

    private static let most = 100_000
    private var keys: [SeriesKey] = []
    private var known: Set<SeriesKey> = []
    /// The last pauses of the series that failed.
    private var pauses: [SeriesKey: Pause] = [:]

    /// How many wait.
    var count: Int { known.count }

    /// Puts a series at the end, where it does not wait already and is not paused.
    mutating func add(_ key: SeriesKey, at now: Timestamp) {
        guard known.count < RepairQueue.most, pauses[key]?.lasts(at: now) != true, known.insert(key).inserted else {
            return
        }
        pauses[key]?.begin = nil
        keys.append(key)
    }

    /// Pauses a series whose repair failed, for twice as long as the last time.
    mutating func pause(_ key: SeriesKey, at now: Timestamp, seconds: ClosedRange<Int64>) {
        if pauses.count >= RepairQueue.most { pauses = [:] }
        let doubled = (pauses[key]?.seconds ?? 0) * 2
        pauses[key] = Pause(begin: now, seconds: min(max(doubled, seconds.lowerBound), seconds.upperBound))
        // It may have been added while its repair was under way.
        if known.remove(key) != nil { keys.removeAll { $0 == key } }
    }

    /// Forgets the failures of a series.
    mutating func forget(_ key: SeriesKey) { pauses[key] = nil }

    /// The series whose pause has ended since they failed.
    func due(at now: Timestamp) -> [SeriesKey] {
        pauses.compactMap { key, pause in pause.begin != nil && !pause.lasts(at: now) ? key : nil }
    }

    /// Takes the first one out.
    mutating func next() -> SeriesKey? {
        guard let key = keys.first else { return nil }
        keys.removeFirst()
        known.remove(key)
        return key
    }
}
