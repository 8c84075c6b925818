import MarketData
import MarketStore

/// How far the recording of one chain has come in one session, source by source.
struct ChainProgress {
    private let plan: RecordingPlan
    private let session: TradingSession
    private(set) var schedule: LookSchedule
    /// The stamps of the session that are kept, ascending.
    private var stamps: [Provenance.Source: [Timestamp]] = [:]
    /// Gaps to be requested, the newest last.
    private(set) var fillings: [GapFilling] = []

    init(_ plan: RecordingPlan, _ session: TradingSession, at now: Timestamp) {
        self.plan = plan
        self.session = session
        schedule = LookSchedule(plan, due: max(now, session.opens))
    }

    /// The first source in failover order that has responded: its series is recorded and its gaps are requested.
    private var leading: Provenance.Source? { Provenance.Source.mostTrusted(of: stamps.keys) }

    /// Whether nothing new can come: the values of the close are there.
    var isComplete: Bool {
        let last = leading.flatMap { stamps[$0]?.last }
        return last.map { $0 >= session.closes.advanced(bySeconds: -60) } ?? false
    }

    /// What is kept from before a restart.
    mutating func remember(_ known: [SnapshotStamp]) {
        for stamp in known.sorted(by: { $0.asOf < $1.asOf }) {
            take(stamp.asOf, of: stamp.source)
            schedule.remember(stamp.asOf, of: stamp.source)
        }
    }

    /// A look brought values; the gap before them, where there is one.
    mutating func looked(
        _ stamp: Timestamp, of source: Provenance.Source, at now: Timestamp, notBefore earliest: Timestamp
    ) -> StampStep? {
        guard schedule.responded(stamp, of: source, at: now, notBefore: earliest) else {
            // A source that returns to older values reported an earlier moment correctly.
            insert(stamp, of: source)
            return nil
        }
        return take(stamp, of: source)
    }

    mutating func lookAgain(at now: Timestamp, notBefore earliest: Timestamp) {
        schedule.lookAgain(at: now, notBefore: earliest)
    }

    /// The values of an earlier moment were received. Those of another source than was requested fill no gap.
    mutating func filled(_ stamp: Timestamp, of source: Provenance.Source) {
        changeFilling { $0.source == source ? $0.responded(stamp) : $0.refused() }
        insert(stamp, of: source)
    }

    mutating func fillingRefused() { changeFilling { $0.refused() } }

    private mutating func changeFilling(_ change: (inout GapFilling) -> Void) {
        guard var filling = fillings.popLast() else { return }
        change(&filling)
        if !filling.isOver { fillings.append(filling) }
    }

    /// Adds a stamp, and requests the gap before it in the series of the leading source.
    @discardableResult
    private mutating func take(_ stamp: Timestamp, of source: Provenance.Source) -> StampStep? {
        guard insert(stamp, of: source), source == leading, let own = stamps[source],
            let place = own.lastIndex(of: stamp)
        else { return nil }
        // A stamp of the opening itself still counts as new.
        let before = place > 0 ? own[place - 1] : session.opens.advanced(bySeconds: -1)
        guard stamp.seconds - before.seconds > plan.largestStep else { return nil }
        if plan.fillsGaps { fillings.append(GapFilling(of: source, after: before, before: stamp, plan)) }
        return StampStep(source: source, span: TimeRange(from: max(before, session.opens), to: stamp))
    }

    /// Whether it is a stamp of this session that was not there.
    @discardableResult
    private mutating func insert(_ stamp: Timestamp, of source: Provenance.Source) -> Bool {
        var own = stamps[source] ?? []
        guard stamp >= session.opens, !own.contains(stamp) else { return false }
        own.insert(stamp, at: own.firstIndex { $0 > stamp } ?? own.endIndex)
        stamps[source] = own
        return true
    }
}

/// The search backwards through one gap: each response is the snapshot before, until the earlier stamp appears.
struct GapFilling: Hashable {
    private static let mostRefusals = 4

    /// Whose gap it is.
    let source: Provenance.Source
    /// The stamp that is known before the gap.
    let lower: Timestamp
    /// The stamp that is known after it.
    let upper: Timestamp
    /// The moment to request next.
    private(set) var cursor: Timestamp
    private let step: Int64
    private let refresh: Int64
    private var refusals = 0

    /// The search between two known stamps; the first moment requested lies a third of a refresh before the later one,
    /// because requests have a resolution of one minute.
    init(of source: Provenance.Source, after lower: Timestamp, before upper: Timestamp, _ plan: RecordingPlan) {
        self.source = source
        self.lower = lower
        self.upper = upper
        refresh = plan.refresh
        step = max(1, plan.refresh / 3)
        cursor = upper.advanced(bySeconds: -step)
    }

    var isOver: Bool { cursor <= lower || refusals >= GapFilling.mostRefusals }

    mutating func responded(_ stamp: Timestamp) {
        refusals = 0
        cursor = min(stamp, cursor).advanced(bySeconds: -step)
    }

    /// The source returned nothing for the moment. It is requested once more, then an earlier one.
    mutating func refused() {
        refusals += 1
        guard refusals.isMultiple(of: 2) else { return }
        cursor = cursor.advanced(bySeconds: -refresh)
    }
}

/// When one chain is looked at next: a refresh after the last stamp, and as much later as the source lags.
struct LookSchedule {
    private let refresh: Int64
    private let pauseAfterRepeat: Int64
    /// When the next look is due.
    private(set) var due: Timestamp
    private var lastStamps: [Provenance.Source: Timestamp] = [:]
    private var repeats: Int64 = 0
    /// The estimated seconds from a stamp to its first response. It is halved with each look that finds new values at
    /// once, until one is too early.
    private var lag: Int64?
    private var isLagKnown = false

    init(_ plan: RecordingPlan, due: Timestamp) {
        refresh = plan.refresh
        pauseAfterRepeat = plan.pauseAfterRepeat
        self.due = due
    }

    /// A look brought values; whether they were new.
    mutating func responded(
        _ stamp: Timestamp, of source: Provenance.Source, at now: Timestamp, notBefore earliest: Timestamp
    ) -> Bool {
        guard lastStamps[source].map({ stamp > $0 }) ?? true else {
            lookAgain(at: now, notBefore: earliest)
            return false
        }
        lastStamps[source] = stamp
        estimateLag(max(0, now.seconds - stamp.seconds))
        repeats = 0
        let soonest = now.advanced(bySeconds: pauseAfterRepeat)
        due = max(stamp.advanced(bySeconds: refresh + (lag ?? 0)), soonest, earliest)
        return true
    }

    /// A request returned nothing new; the next one waits a little longer.
    mutating func lookAgain(at now: Timestamp, notBefore earliest: Timestamp) {
        repeats += 1
        isLagKnown = true
        let pause = min(pauseAfterRepeat * ((repeats + 1) / 2), refresh)
        due = max(now.advanced(bySeconds: pause), earliest)
    }

    /// The values of this stamp are known already.
    mutating func remember(_ stamp: Timestamp, of source: Provenance.Source) {
        lastStamps[source] = max(lastStamps[source] ?? stamp, stamp)
    }

    private mutating func estimateLag(_ seen: Int64) {
        let seen = min(seen, refresh)
        if !isLagKnown {
            lag = lag == nil ? seen : seen / 2
        } else if repeats > 0 || lag == nil {
            lag = seen
        } else {
            // Reduced slowly: the source may have become faster, or one slow response may have looked like a lag.
            let known = min(lag ?? seen, seen)
            lag = known - max(min(known, 1), known / 16)
        }
    }
}
