import MarketData
import TradingViewProtocol

/// One live series: its first load, the bars as they form, and after a lost connection the hole since.
///
/// A state machine without clock or socket. `uptime` is any steady clock, `now` the time of day.
struct LiveSeries: Sendable {
    /// What to do and to tell.
    struct Step: Sendable {
        var calls: [ClientCall] = []
        var events: [BarEvent] = []
        var then = Continuation.goOn
    }

    enum Continuation: Sendable {
        case goOn
        /// Close this session, and call `open` with a fresh one.
        case openAfresh(closing: SessionID)
        case fail(MarketDataError)
    }

    /// How long after its close a bar may still be mended by upstream before it is told to be final.
    static let graceSeconds: Int64 = 5
    private static let mostFailures = 3
    private static let barsKept = 3

    private(set) var question: SeriesQuestion
    let deadlines: TradingViewDeadlines
    private(set) var load: SeriesLoad?
    private(set) var hasSnapshot = false
    private(set) var isStreaming = false
    private var reported: [Bar] = []
    private var lastProgress: Duration
    private var failures = 0

    init(_ question: SeriesQuestion, deadlines: TradingViewDeadlines, at uptime: Duration) {
        self.question = question
        self.deadlines = deadlines
        lastProgress = uptime
    }

    /// A session is there: loads the series, after a break from the last final bar on.
    /// - Parameter withRolls: Whether a study may be made for the dates of rolls.
    mutating func open(
        _ session: SessionID, at uptime: Duration, now: Timestamp, withRolls: Bool = true
    ) -> Step {
        var asked = question
        asked.asksRolls = asked.asksRolls && withRolls && !hasSnapshot
        let lastFinal = reported.last(where: \.isFinal) ?? reported.first
        if hasSnapshot, let lastFinal { asked.reach = .since(lastFinal.time) }
        var load = SeriesLoad(asked, session: session)
        let calls = load.opening(at: now)
        self.load = load
        isStreaming = false
        lastProgress = uptime
        return Step(calls: calls)
    }

    /// The connection is gone.
    mutating func disconnected() {
        load = nil
        isStreaming = false
    }

    /// Takes an event of the session.
    mutating func receive(_ event: ServerEvent, at uptime: Duration, now: Timestamp) -> Step {
        guard load != nil else { return Step() }
        if isStreaming, let ending = ending(event) { return ending }
        if let load, load.isWaitingForRolls, case .criticalError(_, let reason, let info) = event {
            // The session died of the study: the series is loaded once more, without it.
            question.asksRolls = false
            let error = SeriesRefusal.ofSession(reason, info: info, subject: "\(question.request.symbol)")
            return again(load.session, after: error)
        }
        guard let (calls, isProgress) = load?.receive(event), let load else { return Step() }
        if isProgress { lastProgress = uptime }
        if isStreaming { return Step(events: news(now: now)) }
        switch load.verdict {
        case .loading: return Step(calls: calls)
        case .loaded: return loaded(load, now: now)
        case .refused(let error):
            let isOnce = hasSnapshot && error.recovery != .giveUp
            return isOnce ? again(load.session, after: error) : Step(then: .fail(error))
        case .doubtful(let reason): return again(load.session, after: LiveSeries.distrust(question, reason))
        }
    }

    /// A packet came that nobody can read: what it may have held is loaded anew.
    mutating func receiveUnreadable(_ reason: String) -> Step {
        guard let load else { return Step() }
        return again(load.session, after: LiveSeries.distrust(question, reason))
    }

    /// Tells the last bar to be final once its time is over, and gives up a load that does not come on.
    mutating func check(at uptime: Duration, now: Timestamp) -> Step {
        if isStreaming { return Step(events: news(now: now)) }
        if load?.isWaitingForRolls == true, uptime - lastProgress >= deadlines.rolls {
            load?.settleRolls()
            if let load, load.verdict == .loaded { return loaded(load, now: now) }
        }
        guard let load, uptime - lastProgress >= deadlines.progress else { return Step() }
        let error = MarketDataError(
            .upstreamTimeout,
            "the live bars of \(question.request.symbol) did not come within \(deadlines.progress.inSeconds) s",
            source: .tradingview)
        return hasSnapshot ? again(load.session, after: error) : Step(then: .fail(error))
    }

    private mutating func loaded(_ load: SeriesLoad, now: Timestamp) -> Step {
        isStreaming = true
        failures = 0
        defer { self.load?.keepNewest(LiveSeries.barsKept) }
        guard hasSnapshot else {
            hasSnapshot = true
            let series = load.series(at: now)
            reported = series.bars.suffix(LiveSeries.barsKept)
            return Step(events: [.snapshot(series)])
        }
        return Step(events: repair(load, now: now))
    }

    /// What was missed while nobody listened, told as a gap and its repair; then the forming bar.
    ///
    /// The gap begins where what was told as final ended. Where the reload does not reach back to there, only what came
    /// is repaired, and the rest is told as a gap of its own that stays.
    private mutating func repair(_ load: SeriesLoad, now: Timestamp) -> [BarEvent] {
        let close = load.barClose
        let bars = finalised(load.ledger.bars, close: close, now: now)
        guard let oldest = bars.first, let newest = bars.last else { return [] }
        let lastFinal = reported.last(where: \.isFinal)
        let told = lastFinal.map(close.nominalClose) ?? reported.first?.time ?? oldest.time
        // Bars that were reported as final while nothing came, and differ, are revised too.
        let missed = bars.filter { bar in
            guard bar.isFinal else { return false }
            if let known = reported.first(where: { $0.time == bar.time }), known.isFinal { return known != bar }
            return lastFinal.map { bar.time > $0.time } ?? (bar.time >= told)
        }
        let isCutShort = oldest.time > told
        let end = newest.isFinal ? close.closeTime(of: newest) : newest.time
        // A month's bar may close before the longest month is over.
        let start = min(told, missed.first?.time ?? told)
        var events: [BarEvent] = []
        if isCutShort { events.append(.gap(TimeRange(from: told, to: oldest.time))) }
        if !missed.isEmpty {
            let range = TimeRange(from: isCutShort ? oldest.time : start, to: end)
            events += [.gap(range), .repaired(range, missed)]
        }
        events += bars.filter { !$0.isFinal }.map(BarEvent.bar)
        reported = bars.suffix(LiveSeries.barsKept)
        return events
    }

    /// The bars that differ from what was told, oldest first.
    private mutating func news(now: Timestamp) -> [BarEvent] {
        guard let load else { return [] }
        let bars = finalised(load.ledger.bars, close: load.barClose, now: now)
        let fresh = bars.filter { bar in
            guard let known = reported.first(where: { $0.time == bar.time }) else {
                return reported.first.map { $0.time < bar.time } ?? true
            }
            return known != bar
        }
        guard !fresh.isEmpty else { return [] }
        self.load?.keepNewest(LiveSeries.barsKept)
        reported = bars.suffix(LiveSeries.barsKept)
        return fresh.map(BarEvent.bar)
    }

    private func finalised(_ bars: [Bar], close: BarClose, now: Timestamp) -> [Bar] {
        guard let last = bars.last else { return [] }
        let wasFinal = reported.contains { $0.time == last.time && $0.isFinal }
        var bars = bars
        bars[bars.count - 1].isFinal =
            wasFinal || close.isFinal(last, at: now.advanced(bySeconds: -LiveSeries.graceSeconds))
        return bars
    }

    /// What ends a series that streams.
    private mutating func ending(_ event: ServerEvent) -> Step? {
        guard let session = load?.session else { return nil }
        switch event {
        case .criticalError(_, let reason, let info):
            let error = SeriesRefusal.ofSession(reason, info: info, subject: "\(question.request.symbol)")
            return again(session, after: error)
        case .seriesError(let series, let reason) where series.id == SeriesLoad.seriesName:
            return Step(then: .fail(SeriesRefusal.ofSeries(reason, question: question)))
        case .seriesDeleted(let series) where series.id == SeriesLoad.seriesName:
            return again(session, after: SeriesRefusal.ofSeries("series deleted", question: question))
        case .clearData: return again(session, after: SeriesRefusal.ofSeries("data cleared", question: question))
        default: return nil
        }
    }

    private mutating func again(_ session: SessionID, after error: MarketDataError) -> Step {
        failures += 1
        load = nil
        isStreaming = false
        return Step(then: failures < LiveSeries.mostFailures ? .openAfresh(closing: session) : .fail(error))
    }

    private static func distrust(_ question: SeriesQuestion, _ reason: String) -> MarketDataError {
        MarketDataError(
            .upstreamUnreadable, "TradingView's bars of \(question.request.symbol) cannot be trusted: \(reason)",
            source: .tradingview, recovery: .resubscribe)
    }
}
