import MarketData
import TradingViewProtocol

/// One request for bars, from waiting for the connection to the response: a state machine without clock or socket.
///
/// Times are durations on any steady clock. Only data that bring the request on reset the progress deadline.
struct HistoryFetch: Sendable {
    /// What to do next.
    enum Step: Sendable {
        case send([ClientCall])
        /// Close this session if there is one, and call `open` with a fresh one.
        case openAfresh(closing: SessionID)
        case finished(Result<BarSeries, MarketDataError>)
    }

    let request: SeriesRequest
    let deadlines: TradingViewDeadlines
    private(set) var load: SeriesLoad?
    private let started: Duration
    private var lastProgress: Duration
    private var attempts = 0
    private var isAnchored = true
    /// When the last invalid packet was received while the response is pending.
    private var damagedAt: Duration?

    init(_ request: SeriesRequest, deadlines: TradingViewDeadlines, at uptime: Duration) {
        self.request = request
        self.deadlines = deadlines
        started = uptime
        opened = uptime
        lastProgress = uptime
    }

    /// The connection is there: begins in a session.
    /// - Parameter withRolls: Whether a study may be made for the dates of rolls.
    mutating func open(
        _ session: SessionID, at uptime: Duration, now: Timestamp, withRolls: Bool = true
    ) -> Step {
        var request = request
        request.wantsRolls = request.wantsRolls && withRolls
        request.isAnchored = isAnchored
        var load = SeriesLoad(request, session: session)
        attempts += 1
        lastProgress = uptime
        opened = uptime
        damagedAt = nil
        let calls = load.opening(at: now)
        self.load = load
        return .send(calls)
    }

    /// Takes an event of the session.
    mutating func receive(_ event: ServerEvent, at uptime: Duration, now: Timestamp) -> Step {
        guard let (calls, isProgress) = load?.receive(event) else { return .send([]) }
        if isProgress {
            lastProgress = uptime
            if damagedAt != nil { damagedAt = uptime }
        }
        return step(calls, now: now)
    }

    /// An invalid packet was received; it may have held bars of this series.
    mutating func receiveUnreadable(_ reason: String, at uptime: Duration, now: Timestamp) -> Step {
        guard load != nil else { return .send([]) }
        load?.damaged(reason)
        damagedAt = uptime
        return step([], now: now)
    }

    /// What may have been lost no longer comes: the bars are requested again, or the request fails.
    mutating func retryAfterDamage(at uptime: Duration, now: Timestamp) -> Step? {
        guard let damagedAt, uptime - damagedAt >= deadlines.doubt, load?.verdict == .loading else { return nil }
        self.damagedAt = nil
        load?.settleDamage()
        return step([], now: now)
    }

    /// When it was last sent on a connection.
    private(set) var opened: Duration

    /// The time until a deadline passes; zero or less when one has passed.
    func remaining(at uptime: Duration) -> Duration {
        if load?.isWaitingForRolls == true { return max(.zero, lastProgress + deadlines.rolls - uptime) }
        let limit = min(lastProgress + progressLimit, started + deadlines.total)
        guard let damagedAt, load?.verdict == .loading else { return limit - uptime }
        return min(limit, damagedAt + deadlines.doubt) - uptime
    }

    /// The bars are complete but the dates of rolls are late: the response is sent without them.
    mutating func giveUpRolls(at uptime: Duration, now: Timestamp) -> Step? {
        guard load?.isWaitingForRolls == true, uptime - lastProgress >= deadlines.rolls else { return nil }
        load?.settleRolls()
        return step([], now: now)
    }

    /// Whether the symbol was found but no bar was received: its feed is not served, or needs an entitlement.
    var isSilent: Bool { load?.isSilent == true }

    /// The error of the deadline that has passed, if one has.
    func timeout(at uptime: Duration) -> MarketDataError? {
        guard load?.isWaitingForRolls != true, remaining(at: uptime) <= .zero else { return nil }
        let isTotal = started + deadlines.total <= uptime
        let limit = isTotal ? deadlines.total : progressLimit
        return MarketDataError(
            .upstreamTimeout,
            "the bars of \(request.barRequest.symbol) did not come within \(limit.inSeconds) s; stuck at: \(stage)",
            source: .tradingview)
    }

    /// Until connected, connecting and one recycled connection may take their time.
    private var progressLimit: Duration {
        guard let load else { return deadlines.connect + deadlines.progress }
        // Time is left to look for another feed of the same pair.
        let isShort = load.isSilent && deadlines.progress > deadlines.suggestions * 2
        return isShort ? deadlines.progress - deadlines.suggestions : deadlines.progress
    }

    /// The last step reached, as text.
    var stage: String {
        switch load?.stage {
        case nil: "connecting"
        case .resolving: "resolving the symbol"
        case .loading(1): "loading the bars"
        case .loading(let page): "loading page \(page) of the bars, after \(load?.ledger.bars.count ?? 0)"
        }
    }

    private mutating func step(_ calls: [ClientCall], now: Timestamp) -> Step {
        guard let load else { return .send(calls) }
        switch load.verdict {
        case .loading: return .send(calls)
        case .loaded: return .finished(.success(load.series(at: now)))
        case .refused(let error): return .finished(.failure(error))
        case .incomplete(let reason):
            // Where no bars came up to the end of the range, they are requested from the newest bar on. That is not a
            // fault of the response, and comes once only: the next request is for no end of a range.
            if load.isAnchorEmpty {
                isAnchored = false
                attempts -= 1
            }
            if attempts < 2 {
                self.load = nil
                return .openAfresh(closing: load.session)
            }
            return .finished(
                .failure(
                    MarketDataError(
                        .upstreamUnreadable,
                        "invalid response for \(request.barRequest.symbol) (retried once): \(reason)",
                        source: .tradingview)))
        }
    }
}
