import MarketData
import MarketStore

/// How far the recording of one chain has come in one session, source by source.
struct ChainProgress {
    private let plan: RecordingPlan
    private let session: TradingSession
    private(set) var pace: LookPace
    /// The stamps of the session that are kept, ascending.
    private var stamps: [Provenance.Source: [Timestamp]] = [:]
    /// Holes to be asked for, the newest last.
    private(set) var fillings: [HoleFilling] = []

    init(_ plan: RecordingPlan, _ session: TradingSession, at now: Timestamp) {
        self.plan = plan
        self.session = session
        pace = LookPace(plan, due: max(now, session.opens))
    }

    /// The most trusted source that has answered: the one whose series is recorded, and whose holes are asked for.
    private var leading: Provenance.Source? { Provenance.Source.mostTrusted(of: stamps.keys) }

    /// Whether nothing new can come: the figures of the close are there.
    var isComplete: Bool {
        let last = leading.flatMap { stamps[$0]?.last }
        return last.map { $0 >= session.closes.advanced(bySeconds: -60) } ?? false
    }

    /// What is kept from before a restart.
    mutating func remember(_ known: [SnapshotStamp]) {
        for stamp in known.sorted(by: { $0.asOf < $1.asOf }) {
            take(stamp.asOf, of: stamp.source)
            pace.remember(stamp.asOf, of: stamp.source)
        }
    }

    /// A look brought figures; the hole before them, where there is one.
    mutating func looked(
        _ stamp: Timestamp, of source: Provenance.Source, at now: Timestamp, notBefore earliest: Timestamp
    ) -> StampGap? {
        guard pace.answered(stamp, of: source, at: now, notBefore: earliest) else {
            // A source that goes back to older figures told the truth of an earlier moment.
            insert(stamp, of: source)
            return nil
        }
        return take(stamp, of: source)
    }

    mutating func lookAgain(at now: Timestamp, notBefore earliest: Timestamp) {
        pace.lookAgain(at: now, notBefore: earliest)
    }

    /// The figures of an earlier moment came. Those of another source than was asked for fill no hole.
    mutating func filled(_ stamp: Timestamp, of source: Provenance.Source) {
        changeFilling { $0.source == source ? $0.answered(stamp) : $0.refused() }
        insert(stamp, of: source)
    }

    mutating func fillingRefused() { changeFilling { $0.refused() } }

    private mutating func changeFilling(_ change: (inout HoleFilling) -> Void) {
        guard var filling = fillings.popLast() else { return }
        change(&filling)
        if !filling.isOver { fillings.append(filling) }
    }

    /// Takes a stamp in, and asks for the hole before it in the series of the leading source.
    @discardableResult
    private mutating func take(_ stamp: Timestamp, of source: Provenance.Source) -> StampGap? {
        guard insert(stamp, of: source), source == leading, let own = stamps[source],
            let place = own.lastIndex(of: stamp)
        else { return nil }
        // A stamp of the opening itself still counts as new.
        let before = place > 0 ? own[place - 1] : session.opens.advanced(bySeconds: -1)
        guard stamp.seconds - before.seconds > plan.largestStep else { return nil }
        if plan.fillsHoles { fillings.append(HoleFilling(of: source, after: before, before: stamp, plan)) }
        return StampGap(source: source, span: TimeRange(from: max(before, session.opens), to: stamp))
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
