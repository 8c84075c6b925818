import MarketData
import MarketStore

/// What a recorder requests, and when: takes moments, stamps and failures, returns actions. Has no clock, does no I/O.
struct RecordingSchedule {
    /// What to do next.
    enum Action: Hashable {
        /// Request the listed expiries.
        case list(Symbol)
        /// Request the current values.
        case look(RecordedChain)
        /// Request the values of an earlier moment of the session.
        case fill(RecordedChain, at: Timestamp)
        /// Nothing is to be done before an instant.
        case wait(until: Timestamp, Reason)
    }

    /// Why nothing is to be done.
    enum Reason: Hashable {
        case nextLook, nextSession, paused, budgetSpent, nothingToRecord
    }

    let plan: RecordingPlan
    let calendar: TradingCalendar
    private(set) var session: TradingSession?
    private(set) var chains: [RecordedChain] = []
    private(set) var progress: [RecordedChain: ChainProgress] = [:]
    private(set) var pausedUntil: Timestamp?
    private var listed: Set<Symbol> = []
    private var dropped: Set<Symbol> = []
    private var spent = 0
    private var failuresInARow = 0
    private var nextFill: Timestamp?

    init(_ plan: RecordingPlan, calendar: TradingCalendar) {
        self.plan = plan
        self.calendar = calendar
    }

    /// The next action.
    mutating func next(at now: Timestamp) -> Action {
        let latest = calendar.latestSession(at: now, segment: .derivatives)
        if session != latest { begin(latest) }
        let isOver = now >= latest.closes.advanced(bySeconds: plan.closingGrace)
        if isOver || (now >= latest.closes && isComplete) { return .wait(until: nextOpening(after: now), .nextSession) }
        if dropped.count == plan.symbols.count { return .wait(until: nextOpening(after: now), .nothingToRecord) }
        if let pausedUntil, now < pausedUntil { return .wait(until: pausedUntil, .paused) }
        if requestsLeft <= 0 { return .wait(until: nextOpening(after: now), .budgetSpent) }
        if let symbol = plan.symbols.first(where: { !listed.contains($0) && !dropped.contains($0) }) {
            return .list(symbol)
        }
        let due = nextLook
        if let due, due.time <= now { return .look(due.chain) }
        if let filling = nextFilling(at: now) {
            let earliest = nextFill ?? now
            if earliest <= now { return filling }
            return .wait(until: min(earliest, due?.time ?? earliest), .nextLook)
        }
        return .wait(until: due?.time ?? nextOpening(after: now), due == nil ? .nextSession : .nextLook)
    }

    /// Adds an underlying's expiries; returns those to record.
    mutating func listed(_ symbol: Symbol, _ expiries: [CalendarDate], at now: Timestamp) -> [RecordedChain] {
        guard let session else { return [] }
        responded()
        listed.insert(symbol)
        let wanted = expiries.filter { $0 >= session.date }.prefix(plan.expiries)
        let new = wanted.map { RecordedChain(symbol: symbol, expiry: $0) }.filter { progress[$0] == nil }
        for chain in new { progress[chain] = ChainProgress(plan, session, at: now) }
        chains += new
        return new
    }

    /// What is kept of a chain from before, and so was requested.
    mutating func remember(_ chain: RecordedChain, _ stamps: [SnapshotStamp]) {
        progress[chain]?.remember(stamps)
        spent += stamps.count
    }

    /// A look brought values; the gap before them, where there is one.
    mutating func looked(
        _ chain: RecordedChain, _ stamp: Timestamp, of source: Provenance.Source, at now: Timestamp
    ) -> StampStep? {
        responded()
        let earliest = earliestLook(at: now)
        return progress[chain]?.looked(stamp, of: source, at: now, notBefore: earliest)
    }

    /// The values of an earlier moment were received.
    mutating func filled(
        _ chain: RecordedChain, _ stamp: Timestamp, of source: Provenance.Source, at now: Timestamp
    ) {
        responded()
        progress[chain]?.filled(stamp, of: source)
        nextFill = now.advanced(bySeconds: RecordingSchedule.secondsBetweenFillings)
    }

    /// The request failed.
    mutating func failed(_ action: Action, _ error: MarketDataError, at now: Timestamp) {
        spent += 1
        if error.code.concernsMomentOnly { return missed(action, at: now) }
        if case .list(let symbol) = action, error.code.isForGood {
            dropped.insert(symbol)
            return
        }
        if error.code == .expiryNotListed, case .look(let chain) = action { return drop(chain) }
        failuresInARow += 1
        pausedUntil = now.advanced(bySeconds: pause(after: error))
    }

    /// When a chain is looked at next.
    func nextLook(at chain: RecordedChain) -> Timestamp? { progress[chain]?.schedule.due }

    private static let secondsBetweenFillings: Int64 = 2
    private static let longestPause: Int64 = 300

    private var isComplete: Bool { !chains.isEmpty && chains.allSatisfy { progress[$0]?.isComplete ?? true } }

    private var requestsLeft: Int { plan.dailyRequests - spent }

    private var nextLook: (chain: RecordedChain, time: Timestamp)? {
        let dues = chains.compactMap { chain in
            progress[chain].flatMap { $0.isComplete ? nil : (chain: chain, time: $0.schedule.due) }
        }
        return dues.min { $0.time < $1.time }
    }

    private mutating func begin(_ session: TradingSession) {
        self.session = session
        (chains, progress, listed, dropped, spent) = ([], [:], [], [], 0)
        (failuresInARow, nextFill) = (0, nil)
    }

    private mutating func responded() {
        spent += 1
        failuresInARow = 0
        pausedUntil = nil
    }

    private mutating func missed(_ action: Action, at now: Timestamp) {
        switch action {
        case .look(let chain):
            let earliest = earliestLook(at: now)
            progress[chain]?.lookAgain(at: now, notBefore: earliest)
        case .fill(let chain, _):
            progress[chain]?.fillingRefused()
            nextFill = now.advanced(bySeconds: RecordingSchedule.secondsBetweenFillings)
        case .list, .wait: pausedUntil = now.advanced(bySeconds: plan.refresh)
        }
    }

    private mutating func drop(_ chain: RecordedChain) {
        chains.removeAll { $0 == chain }
        progress[chain] = nil
    }

    private func pause(after error: MarketDataError) -> Int64 {
        let doubled = min(
            plan.pauseAfterRepeat << Int64(min(failuresInARow - 1, 10)), RecordingSchedule.longestPause)
        guard case .retry(let seconds) = error.recovery else { return doubled }
        // One that says "at once" time and again would use up the day's requests in minutes.
        return max(Int64(max(1, seconds)), failuresInARow > 1 ? doubled : 0)
    }

    private func nextOpening(after now: Timestamp) -> Timestamp {
        calendar.nextSession(after: now, segment: .derivatives).opens
    }

    /// Not before: where the requests left would not last through the session, looks move apart.
    private func earliestLook(at now: Timestamp) -> Timestamp {
        guard let session, requestsLeft > 0, now < session.closes else { return now }
        let apart = (session.closes.seconds - now.seconds) * Int64(chains.count) / Int64(requestsLeft)
        return apart > plan.refresh ? now.advanced(bySeconds: apart) : now
    }

    private func nextFilling(at now: Timestamp) -> Action? {
        guard let session, let chain = chains.first(where: { progress[$0]?.fillings.isEmpty == false }),
            let filling = progress[chain]?.fillings.last
        else { return nil }
        let left = max(0, session.closes.seconds - now.seconds)
        // A third more than there are refreshes, for repeats.
        let looksToCome = Int64(chains.count) * (left / plan.refresh + 1) * 4 / 3
        guard requestsLeft > looksToCome else { return nil }
        return .fill(chain, at: filling.cursor)
    }
}

extension MarketDataError.Code {
    /// Whether a request for another moment may succeed.
    fileprivate var concernsMomentOnly: Bool { self == .noDataForTime }

    /// Whether the underlying can never be recorded.
    fileprivate var isForGood: Bool {
        switch self {
        case .symbolNotFound, .neverTraded, .notSupported, .notEntitled, .badRequest: true
        default: false
        }
    }
}
