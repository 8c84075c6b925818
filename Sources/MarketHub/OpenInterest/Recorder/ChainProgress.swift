import MarketData

/// How far the recording of one chain has come in one session.
struct ChainProgress {
    private let plan: RecordingPlan
    private let session: TradingSession
    private(set) var pace: LookPace
    /// The stamps of the session that are kept, ascending.
    private(set) var stamps: [Timestamp] = []
    /// Holes to be asked for, the newest last.
    private(set) var fillings: [HoleFilling] = []

    init(_ plan: RecordingPlan, _ session: TradingSession, at now: Timestamp) {
        self.plan = plan
        self.session = session
        pace = LookPace(plan, due: max(now, session.opens))
    }

    /// Whether nothing new can come: the figures of the close are there.
    var isComplete: Bool { stamps.last.map { $0 >= session.closes.advanced(bySeconds: -60) } ?? false }

    /// What is kept from before a restart.
    mutating func remember(_ known: [Timestamp]) {
        for stamp in known.sorted() { take(stamp) }
        if let last = stamps.last { pace.remember(last) }
    }

    /// A look brought figures; the hole before them, where there is one.
    mutating func looked(_ stamp: Timestamp, at now: Timestamp, notBefore earliest: Timestamp) -> TimeRange? {
        guard pace.answered(stamp, at: now, notBefore: earliest) else {
            // A source that goes back to older figures told the truth of an earlier moment.
            insert(stamp)
            return nil
        }
        return take(stamp)
    }

    mutating func lookAgain(at now: Timestamp, notBefore earliest: Timestamp) {
        pace.lookAgain(at: now, notBefore: earliest)
    }

    mutating func filled(_ stamp: Timestamp) {
        changeFilling { $0.answered(stamp) }
        insert(stamp)
    }

    mutating func fillingRefused() { changeFilling { $0.refused() } }

    private mutating func changeFilling(_ change: (inout HoleFilling) -> Void) {
        guard var filling = fillings.popLast() else { return }
        change(&filling)
        if !filling.isOver { fillings.append(filling) }
    }

    /// Takes a stamp in, and asks for the hole before it.
    @discardableResult
    private mutating func take(_ stamp: Timestamp) -> TimeRange? {
        guard insert(stamp), let place = stamps.lastIndex(of: stamp) else { return nil }
        // A stamp of the opening itself still counts as new.
        let before = place > 0 ? stamps[place - 1] : session.opens.advanced(bySeconds: -1)
        guard stamp.seconds - before.seconds > plan.largestStep else { return nil }
        if plan.fillsHoles { fillings.append(HoleFilling(after: before, before: stamp, plan)) }
        return TimeRange(from: max(before, session.opens), to: stamp)
    }

    /// Whether it is a stamp of this session that was not there.
    @discardableResult
    private mutating func insert(_ stamp: Timestamp) -> Bool {
        guard stamp >= session.opens, !stamps.contains(stamp) else { return false }
        let place = stamps.firstIndex { $0 > stamp } ?? stamps.endIndex
        stamps.insert(stamp, at: place)
        return true
    }
}
