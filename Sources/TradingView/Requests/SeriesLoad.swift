import MarketData
import TradingViewProtocol

/// One series in one chart session: requests it and gathers its bars, page by page, until they reach far enough.
///
/// A round is over when `series_completed` says so, never when some number of packets or bars has come.
struct SeriesLoad: Sendable {
    /// The state of the request.
    enum Verdict: Hashable, Sendable {
        case loading
        case loaded
        case refused(MarketDataError)
        /// The response may be incomplete: to be requested again in a new session.
        case incomplete(String)
    }

    /// How far the request has come, for the message of a time-out.
    enum Stage: Hashable, Sendable {
        case resolving
        case loading(page: Int)
    }

    /// The dates of rolls: bars never wait long for them or fail with them.
    enum Rolls: Hashable, Sendable {
        case none
        case requested([ContractRoll]?)
        case settled([ContractRoll]?)
    }

    static let seriesName = "sds_1"
    static let symbolName = "sym_1"
    static let turnaround = "s1"

    let request: SeriesRequest
    let session: SessionID
    private(set) var verdict = Verdict.loading
    private(set) var stage = Stage.resolving
    private(set) var ledger = BarLedger()
    private(set) var resolved: ResolvedSymbol?
    private(set) var completion: SeriesCompletion?
    private(set) var shortfall: BarSeries.Shortfall?
    private(set) var announcedClose: Timestamp?
    private(set) var serverTime: Timestamp?
    /// When upstream sent the newest bar, by its clock; `nil` where it did not say, or a later packet may be lost.
    private(set) var sentNewest: Timestamp?
    /// Why a packet of the response may be lost; `nil` where all could be read.
    private(set) var damage: String?
    /// The lowest and highest index of the received bars on the session's time scale.
    private var indexes: ClosedRange<Int>?
    private var areIndexesWhole = true
    /// The bars that live updates brought while the load was under way.
    private var liveTimes: Set<Timestamp> = []
    /// How many bars the first call requested.
    private var requestedCount = 0
    private var oldestAtRoundStart: Timestamp?
    private var emptyRounds = 0
    private var sawBlock = false
    /// The position of the oldest bar on the session's time scale, as it was reported last.
    private var base = 0
    private(set) var rolls = Rolls.none
    private var isAnchored = false

    init(_ request: SeriesRequest, session: SessionID) {
        self.request = request
        self.session = session
    }

    /// The calls that open the session.
    mutating func opening(at now: Timestamp) -> [ClientCall] {
        isAnchored = request.anchor(at: now) != nil
        if case .newest(let count) = request.firstBars(at: now) { requestedCount = count }
        return [
            .chartCreateSession(session),
            .switchTimezone(session, zone: "Etc/UTC"),
            .resolveSymbol(session, name: SeriesLoad.symbolName, request.specification),
            .createSeries(
                session, series: SeriesLoad.seriesName, turnaround: SeriesLoad.turnaround,
                symbolName: SeriesLoad.symbolName, request.resolution, request.firstBars(at: now)),
        ]
    }

    /// Whether the bars up to the end of a range were requested, and none was received.
    var isAnchorEmpty: Bool { isAnchored && ledger.bars.isEmpty && completion != nil }

    /// Takes an event of this session.
    /// - Returns: What to call next, and whether the event brought the request on.
    mutating func receive(_ event: ServerEvent) -> (calls: [ClientCall], isProgress: Bool) {
        if receiveStudy(event) { return ([], true) }
        switch event {
        case .symbolResolved(_, SeriesLoad.symbolName, let symbol): accept(symbol)
        case .symbolError(_, SeriesLoad.symbolName, let reason, let details):
            verdict = .refused(SeriesFailure.ofSymbol(reason, details: details, request: request))
        case .timescaleUpdate(let update): merge(update, isLive: false)
        case .dataUpdate(let update): merge(update, isLive: true)
        case .seriesCompleted(let series, let completion) where isOurs(series): return (finishRound(completion), true)
        case .seriesError(let series, let reason) where isOurs(series):
            if verdict == .loading { verdict = .refused(SeriesFailure.ofSeries(reason, request: request)) }
        case .criticalError(_, let reason, let info):
            verdict = .refused(SeriesFailure.ofSession(reason, info: info, subject: "\(request.barRequest.symbol)"))
        case .clearData(_, let turnaround) where turnaround == nil || turnaround == SeriesLoad.turnaround:
            ledger = BarLedger()
            (announcedClose, oldestAtRoundStart, sawBlock, emptyRounds) = (nil, nil, false, 0)
            (sentNewest, indexes, areIndexesWhole, liveTimes) = (nil, nil, true, [])
        case .seriesLoading(let series) where isOurs(series): break
        default: return ([], false)
        }
        return ([], true)
    }

    /// A packet was invalid during the load: it may have been one of this series. The response is judged when it is
    /// completed.
    mutating func damaged(_ reason: String) {
        guard verdict == .loading else { return }
        damage = damage ?? reason
        sentNewest = nil
        // Of the bars up to the end of a range nothing shows that the newest came.
        if isAnchored { verdict = .incomplete(reason) }
    }

    /// Damaged messages do not come again.
    mutating func settleDamage() {
        if verdict == .loading, let damage { verdict = .incomplete(damage) }
    }

    /// Whether no bar can be missing though a packet was lost: the bars that came leave out no place on upstream's time
    /// scale; the first page holds as many as were requested, or ends with a bar that upstream says is still forming.
    private func isProvablyWhole(_ completion: SeriesCompletion) -> Bool {
        guard areIndexesWhole, !isAnchored, resolved != nil, let newest = ledger.bars.last else { return false }
        guard stage == .loading(page: 1) else { return true }
        if ledger.bars.count >= requestedCount { return true }
        guard completion.dataCompleted != nil, let announcedClose, let serverTime else { return false }
        return announcedClose > serverTime && newest.time <= serverTime
    }

    /// Drops all but the newest bars, for a series that streams on.
    mutating func keepNewest(_ count: Int) { ledger.keepNewest(count) }

    /// All bars are there: requests the roll dates, where they are wanted.
    private mutating func finish() -> [ClientCall] {
        guard request.wantsRolls, rolls == .none else {
            verdict = .loaded
            return []
        }
        rolls = .requested(nil)
        return [RollStudy.call(session, series: SeriesLoad.seriesName)]
    }

    /// The bars go without the dates of rolls that have not come.
    mutating func settleRolls() {
        guard case .requested(let found) = rolls else { return }
        rolls = .settled(found)
        if verdict == .loading { verdict = .loaded }
    }

    /// Handles events of the study of rolls.
    /// - Returns: Whether the event was about it alone.
    private mutating func receiveStudy(_ event: ServerEvent) -> Bool {
        guard case .requested = rolls else { return false }
        switch event {
        case .studyCompleted(let study) where study.id == RollStudy.name: settleRolls()
        case .studyError(let study, _) where study.id == RollStudy.name: settleRolls()
        // A session that the study ended has delivered its bars.
        case .criticalError where verdict == .loading: settleRolls()
        case .timescaleUpdate(let update), .dataUpdate(let update):
            if let study = update.block(RollStudy.name)?.study {
                rolls = .requested(RollStudy.rolls(in: study, bars: ledger.bars, base: base))
            }
            return false
        default: return false
        }
        return true
    }

    private func isOurs(_ series: SeriesReference) -> Bool {
        series.id == SeriesLoad.seriesName && series.turnaround == SeriesLoad.turnaround
    }

    private mutating func accept(_ symbol: ResolvedSymbol) {
        guard SymbolMatch.matches(symbol, wireName: request.wireName) else {
            let received = symbol.fullName ?? symbol.proName ?? symbol.name ?? "another symbol"
            verdict = .refused(
                MarketDataError(
                    .upstreamUnreadable,
                    "requested \(request.barRequest.symbol), TradingView returned \(received)", source: .tradingview))
            return
        }
        if let currencyCode = request.barRequest.currency, let currency = symbol.currencyCode, currency != currencyCode
        {
            verdict = .refused(
                MarketDataError(
                    .notSupported,
                    "TradingView gives prices of \(request.barRequest.symbol) in \(currency) and does not convert them "
                        + "to \(currencyCode)", source: .tradingview))
            return
        }
        if request.barRequest.adjustment == .dividends, symbol.text("allowed_adjustment") == "splits" {
            verdict = .refused(
                MarketDataError(
                    .notSupported,
                    "TradingView adjusts the bars of \(request.barRequest.symbol) for splits and not for dividends",
                    source: .tradingview))
            return
        }
        resolved = symbol
        if stage == .resolving { stage = .loading(page: 1) }
    }

    private mutating func merge(_ update: ChartUpdate, isLive: Bool) {
        if let time = update.serverTime { serverTime = time }
        guard let block = update.block(SeriesLoad.seriesName), block.kind == .series,
            block.turnaround ?? SeriesLoad.turnaround == SeriesLoad.turnaround
        else { return }
        sawBlock = true
        noteIndexes(of: block.bars)
        if let newest = block.bars.map(\.time).max(), newest >= ledger.bars.last?.time ?? newest {
            sentNewest = update.serverTime
        }
        if let first = block.bars.first, first.time <= ledger.bars.first?.time ?? first.time { base = first.index }
        if verdict == .loading, isLive { liveTimes.formUnion(block.bars.map(\.time)) }
        // A load that its own live updates overtook knows less than they do.
        let known = verdict == .loading && !isLive ? liveTimes : []
        ledger.merge(block.bars.map { $0.bar(isFinal: true) }, keeping: known)
        if let close = block.barCloseTime, let last = ledger.bars.last, close > last.time { announcedClose = close }
        if ledger.bars.count > SeriesRequest.mostBars {
            verdict = .refused(
                MarketDataError(
                    .tooLarge,
                    "\(request.barRequest.symbol) has more than \(SeriesRequest.mostBars) bars of "
                        + "\(request.barRequest.interval) in that range; request a shorter one", source: .tradingview))
        }
    }

    /// Keeps account of the places on the time scale that bars came for; they must not leave one out.
    private mutating func noteIndexes(of bars: [SeriesBar]) {
        guard let first = bars.first?.index, let last = bars.last?.index else { return }
        let isRun =
            last - first == bars.count - 1 && zip(bars, bars.dropFirst()).allSatisfy { $0.index + 1 == $1.index }
        guard isRun else {
            areIndexesWhole = false
            return
        }
        guard let known = indexes, let newest = ledger.bars.last?.time else {
            indexes = first...last
            return
        }
        // If a page renumbers earlier bars, its places prove nothing.
        let isNewer = bars[0].time >= newest && (known.upperBound...known.upperBound + 1).contains(first)
        let isOlder = bars[0].time < newest && last + 1 == known.lowerBound
        if !isNewer, !isOlder { areIndexesWhole = false }
        indexes = min(first, known.lowerBound)...max(last, known.upperBound)
    }

    private mutating func finishRound(_ completion: SeriesCompletion) -> [ClientCall] {
        self.completion = completion
        if let time = completion.serverTime { serverTime = time }
        if damage == nil, sentNewest == nil, case .loading(page: 1) = stage { sentNewest = completion.serverTime }
        guard verdict == .loading, !isWaitingForRolls else { return [] }
        if let damage, !isProvablyWhole(completion) {
            verdict = .incomplete(damage)
            return []
        }
        guard let oldest = ledger.bars.first?.time else {
            verdict = emptyVerdict(completion)
            return []
        }
        if request.hasResponse(by: ledger.bars.count, since: oldest) {
            return finish()
        }
        let isEmptyRound = oldest == oldestAtRoundStart
        if emptyRounds > 0, !isEmptyRound {
            verdict = .incomplete("a page of older bars did not come")
            return []
        }
        emptyRounds += isEmptyRound ? 1 : 0
        oldestAtRoundStart = oldest
        if let ended = endOfHistory(completion) {
            shortfall = ended
            return finish()
        }
        if case .loading(let page) = stage { stage = .loading(page: page + 1) }
        let count = request.nextCount(having: ledger.bars.count, since: oldest)
        return [.requestMoreData(session, series: SeriesLoad.seriesName, count: count)]
    }

    /// A series without a single bar is a symbol that never traded, if the server means it.
    private func emptyVerdict(_ completion: SeriesCompletion) -> Verdict {
        if isAnchored { return .incomplete("there were no bars up to the end of the range") }
        guard sawBlock || completion.dataCompleted != nil else {
            return .incomplete("the series was completed without any bars")
        }
        return .refused(
            MarketDataError(
                .neverTraded,
                "\(request.barRequest.symbol) has no bars of \(request.barRequest.interval) at TradingView",
                source: .tradingview))
    }

    /// Why there is nothing earlier. Two rounds without an older bar count as the end where the server gives no sign.
    private func endOfHistory(_ completion: SeriesCompletion) -> BarSeries.Shortfall? {
        switch completion.dataCompleted {
        case .other("recording_ends"): .recordingEnds
        case .limit, .other: .planLimit
        case .end: .startOfHistory
        case nil: emptyRounds < 2 ? nil : ledger.bars.count < request.pageSize ? .startOfHistory : .planLimit
        }
    }
}

extension SeriesLoad {
    /// Whether all bars are there and only the dates of rolls are not.
    var isWaitingForRolls: Bool {
        if case .requested = rolls, verdict == .loading { return true }
        return false
    }

    /// The dates of rolls, where they are known.
    var knownRolls: [ContractRoll]? {
        if case .settled(let rolls) = rolls { return rolls }
        return nil
    }

    /// Whether the symbol was resolved but no bar was received.
    var isSilent: Bool { resolved != nil && ledger.bars.isEmpty && verdict == .loading }
}
