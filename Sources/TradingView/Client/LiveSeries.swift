import MarketData
import TradingViewProtocol

/// One live series: its first load, the bars as they form, and after a break the missed or wrong ones.
///
/// A state machine without clock or socket. `uptime` is any steady clock. A bar is final where a later one opened, or
/// where a response shows it that upstream stamped after the bar's close; time that passes here proves nothing.
struct LiveSeries: Sendable {
    /// The calls to send and the events to report.
    struct Step: Sendable {
        var calls: [ClientCall] = []
        var events: [BarEvent] = []
        var then = Continuation.goOn
    }

    enum Continuation: Sendable {
        case goOn
        /// Close this session if there is one, and call `open` with a fresh one when the supervisor says so.
        case reopen(closing: SessionID?, after: MarketDataError)
        case fail(MarketDataError)
    }

    /// How long after its close a bar may still change upstream before it is confirmed.
    static let graceSeconds: Int64 = 5
    /// The attempts at the first load.
    private static let firstAttempts = 3
    /// The bars that a reload is compared with.
    private static let barsKept = 12

    private(set) var request: SeriesRequest
    let deadlines: TradingViewDeadlines
    private(set) var load: SeriesLoad?
    private(set) var hasSnapshot = false
    private(set) var isStreaming = false
    /// The newest bars as they were reported.
    private var reported: [Bar] = []
    /// When it was last requested on a connection.
    private(set) var opened: Duration
    private var lastProgress: Duration
    private var failures = 0

    init(_ request: SeriesRequest, deadlines: TradingViewDeadlines, at uptime: Duration) {
        self.request = request
        self.deadlines = deadlines
        opened = uptime
        lastProgress = uptime
    }

    /// A session is there: loads the series, after a break from the last final bar on.
    /// - Parameters:
    ///   - now: About what time it is, for how many bars to request.
    ///   - withRolls: Whether a study may be made for the dates of rolls.
    mutating func open(
        _ session: SessionID, at uptime: Duration, now: Timestamp, withRolls: Bool = true
    ) -> Step {
        var reload = request
        reload.wantsRolls = reload.wantsRolls && withRolls && !hasSnapshot
        // A few bars of before come along, and are compared too.
        let lastFinal = reported.last(where: \.isFinal) ?? reported.first
        if hasSnapshot, let lastFinal { reload.reach = .since(lastFinal.time) }
        var load = SeriesLoad(reload, session: session)
        let calls = load.opening(at: now)
        self.load = load
        isStreaming = false
        opened = uptime
        lastProgress = uptime
        return Step(calls: calls)
    }

    /// The connection or the session is gone.
    mutating func disconnected() {
        load = nil
        isStreaming = false
    }

    /// Takes an event of the session.
    mutating func receive(_ event: ServerEvent, at uptime: Duration, now: Timestamp) -> Step {
        guard load != nil else { return Step() }
        if isStreaming, let ending = ending(event) { return ending }
        if let load, load.isWaitingForRolls, case .criticalError(_, let reason, let info) = event {
            // The study ended the session: the series is loaded again, without it.
            request.wantsRolls = false
            return again(after: SeriesFailure.ofSession(reason, info: info, subject: "\(request.barRequest.symbol)"))
        }
        guard let (calls, isProgress) = load?.receive(event), let load else { return Step() }
        if isProgress { lastProgress = uptime }
        if isStreaming { return Step(events: news()) }
        switch load.verdict {
        case .loading: return Step(calls: calls)
        case .loaded: return loaded(load, now: now)
        case .refused(let error): return refused(error)
        case .incomplete(let reason): return again(after: LiveSeries.unreadable(request, reason))
        }
    }

    /// An invalid packet was received: the series is loaded again.
    mutating func receiveUnreadable(_ reason: String) -> Step {
        guard load != nil else { return Step() }
        return again(after: LiveSeries.unreadable(request, reason))
    }

    /// Cancels a load without progress.
    mutating func check(at uptime: Duration, now: Timestamp) -> Step {
        if load?.isWaitingForRolls == true, uptime - lastProgress >= deadlines.rolls {
            load?.settleRolls()
            if let load, load.verdict == .loaded { return loaded(load, now: now) }
        }
        guard isOverdue(at: uptime) else { return Step() }
        let error = MarketDataError(
            .upstreamTimeout,
            "no live bars of \(request.barRequest.symbol) within \(loadLimit.inSeconds) s", source: .tradingview)
        return hasSnapshot ? again(after: error) : Step(then: .fail(error))
    }

    /// Whether a load is under way and has waited too long.
    func isOverdue(at uptime: Duration) -> Bool { load != nil && !isStreaming && uptime - lastProgress >= loadLimit }

    private var loadLimit: Duration { hasSnapshot ? deadlines.reload : deadlines.progress }

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
        return Step(events: repair(load))
    }

    /// Bars missed or reported wrongly during the break, as a gap and its repair; then the forming bar.
    ///
    /// The gap begins after the last bar that was reported as final, or with the first bar that differs. Where the
    /// reload does not reach back to there, only what came is repaired, and the rest is reported as a separate gap that
    /// stays.
    private mutating func repair(_ load: SeriesLoad) -> [BarEvent] {
        let close = load.barClose
        let bars = finalised(load.ledger.bars, isLastFinal: load.isLastFinal)
        guard let oldest = bars.first, let newest = bars.last else { return [] }
        let lastFinal = reported.last(where: \.isFinal)
        let reportedUntil = lastFinal.map(close.nominalClose) ?? reported.first?.time ?? oldest.time
        let known = Dictionary(reported.map { ($0.time, $0) }) { _, newer in newer }
        let from = lastFinal == nil ? reportedUntil : reported.first?.time ?? reportedUntil
        let changed = bars.filter { $0.isFinal && $0.time >= from && known[$0.time] != $0 }
        let isCutShort = oldest.time > reportedUntil
        let end = newest.isFinal ? close.closeTime(of: newest) : newest.time
        // A month's bar may close before the longest month is over.
        let start = min(reportedUntil, changed.first?.time ?? reportedUntil)
        var events: [BarEvent] = []
        if isCutShort { events.append(.gap(TimeRange(from: reportedUntil, to: oldest.time))) }
        if !changed.isEmpty {
            let range = TimeRange(from: isCutShort ? oldest.time : start, to: max(end, start.advanced(bySeconds: 1)))
            events += [.gap(range), .repaired(range, changed)]
        }
        events += bars.filter { !$0.isFinal }.map(BarEvent.bar)
        reported = bars.suffix(LiveSeries.barsKept)
        return events
    }

    /// The bars that differ from the reported ones, oldest first.
    private mutating func news() -> [BarEvent] {
        guard let load else { return [] }
        let bars = finalised(load.ledger.bars, isLastFinal: false)
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

    /// All bars but the last are final, as a later one opened; the last where that is known of it.
    private func finalised(_ bars: [Bar], isLastFinal: Bool) -> [Bar] {
        guard let last = bars.last else { return [] }
        let wasFinal = reported.contains { $0.time == last.time && $0.isFinal }
        var bars = bars
        bars[bars.count - 1].isFinal = wasFinal || isLastFinal
        return bars
    }

    /// What ends a series that streams.
    private mutating func ending(_ event: ServerEvent) -> Step? {
        switch event {
        case .criticalError(_, let reason, let info):
            again(after: SeriesFailure.ofSession(reason, info: info, subject: "\(request.barRequest.symbol)"))
        case .symbolError(_, SeriesLoad.symbolName, let reason, let details):
            refused(SeriesFailure.ofSymbol(reason, details: details, request: request))
        case .seriesError(let series, let reason) where series.id == SeriesLoad.seriesName:
            refused(SeriesFailure.ofSeries(reason, request: request))
        case .seriesDeleted(let series) where series.id == SeriesLoad.seriesName:
            again(after: SeriesFailure.ofSeries("series deleted", request: request))
        case .clearData: again(after: SeriesFailure.ofSeries("data cleared", request: request))
        default: nil
        }
    }

    /// A refused first load fails, because the caller may have another source; later only a permanent error ends the feed.
    private mutating func refused(_ error: MarketDataError) -> Step {
        guard hasSnapshot, !error.endsSubscription(hadData: true) else { return Step(then: .fail(error)) }
        return again(after: error)
    }

    private mutating func again(after error: MarketDataError) -> Step {
        failures += 1
        let session = load?.session
        disconnected()
        guard hasSnapshot || failures < LiveSeries.firstAttempts else { return Step(then: .fail(error)) }
        return Step(then: .reopen(closing: session, after: error))
    }

    private static func unreadable(_ request: SeriesRequest, _ reason: String) -> MarketDataError {
        MarketDataError(
            .upstreamUnreadable, "invalid data for the bars of \(request.barRequest.symbol): \(reason)",
            source: .tradingview, recovery: .resubscribe)
    }
}

// MARK: - The newest bars, loaded beside the series

extension LiveSeries {
    /// Whether the newest bar is over by upstream's clock and no later one has opened.
    /// - Parameter upstream: What upstream's clock shows at least.
    func isConfirmationDue(at upstream: Timestamp) -> Bool {
        guard isStreaming, let load, let last = reported.last, !last.isFinal else { return false }
        return load.barClose.isFinal(last, at: upstream.advanced(bySeconds: -LiveSeries.graceSeconds))
    }

    /// Takes the newest bars as another session loaded them: a bar that they show as final, with the prices that were
    /// reported, is final.
    mutating func confirm(with response: BarSeries) -> [BarEvent] {
        guard isStreaming, let last = reported.last, !last.isFinal, !lags(behind: response),
            response.bars.contains(where: { $0.time == last.time && $0.isFinal })
        else { return [] }
        reported[reported.count - 1].isFinal = true
        return reported.suffix(1).map(BarEvent.bar)
    }
}

extension LiveSeries {
    /// How long after the close a series may still receive earlier trades.
    private static let settlingSeconds: Int64 = 300

    /// Whether the instrument trades, or did a moment ago; also where its hours are not known.
    func mayTrade(at now: Timestamp) -> Bool {
        guard let resolved = load?.resolved, let schedule = resolved.schedule else { return true }
        let minutes = SessionBars(interval: .oneMinute, schedule: schedule)
        let before = now.advanced(bySeconds: -LiveSeries.settlingSeconds)
        let symbol = request.barRequest.symbol
        let isIndian = IndianMarket.keepsUsualHours(symbol, session: resolved.session)
        let segment = symbol.segment(type: resolved.type)
        return [now, before].contains { moment in
            guard minutes.bar(containing: moment) != nil else { return false }
            return !isIndian || TradingCalendar.nse.tradesContinuously(at: moment, segment: segment)
        }
    }

    /// Whether a response of now holds prices that the stream has not brought.
    func lags(behind response: BarSeries) -> Bool {
        guard let bars = load?.ledger.bars, let newest = bars.last else { return false }
        return response.bars.contains { bar in
            guard bar.time >= newest.time else { return false }
            guard let known = bars.last(where: { $0.time == bar.time }) else { return true }
            return LiveSeries.prices(known) != LiveSeries.prices(bar)
        }
    }

    private static func prices(_ bar: Bar) -> [Double?] {
        [bar.open, bar.high, bar.low, bar.close, bar.volume]
    }
}
