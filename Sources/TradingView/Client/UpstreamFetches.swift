import AsyncSupport
import MarketData
import TradingViewProtocol
import WebSocketTransport

extension Upstream {
    /// Starts a request for bars.
    /// - Parameter isProbe: Whether it only shows that a feed lives, for which some sessions are kept back.
    func fetch(_ request: SeriesRequest, isProbe: Bool = false) -> (id: Int, response: Promise<BarSeries>) {
        let id = newID()
        var deadlines = configuration.deadlines
        if isProbe { deadlines.progress = min(deadlines.progress, deadlines.probe) }
        let machine = HistoryFetch(request, deadlines: deadlines, at: clock.uptime)
        let promise = Promise<BarSeries>()
        if let refusal = refusalNow {
            promise.complete(.failure(refusal))
            return (id, promise)
        }
        guard fetches.count < configuration.concurrentRequests || isProbe else {
            promise.complete(.failure(tooManyRequests))
            return (id, promise)
        }
        fetches[id] = RunningFetch(machine: machine, promise: promise, isProbe: isProbe)
        if link == nil { wakeRunner() } else { openFetch(id) }
        return (id, promise)
    }

    /// Why no request can be accepted now: the server is in cooldown, or the client is shut down.
    var refusalNow: MarketDataError? {
        switch phase {
        case .stopped:
            return MarketDataError(
                .upstreamUnavailable, "the connection to TradingView is shut down", source: .tradingview,
                recovery: .giveUp)
        case .waiting(let until, let error) where error.code == .throttled:
            let left = (until - clock.uptime) / .seconds(1)
            guard left > 0 else { return nil }
            return MarketDataError(
                .throttled, error.message, source: .tradingview, recovery: .retry(afterSeconds: Int(left.rounded(.up))))
        default: return nil
        }
    }

    /// The caller no longer waits.
    func abandon(_ id: Int) {
        guard let fetch = fetches.removeValue(forKey: id) else { return }
        close(fetch.session)
        replaceIfDue()
    }

    /// Fails a request whose deadline has passed.
    /// - Returns: How long until its next deadline; `nil` once it is over.
    func patience(_ id: Int) -> Duration? {
        guard let fetch = fetches[id] else { return nil }
        if let step = fetches[id]?.machine.giveUpRolls(at: clock.uptime, now: now) {
            perform(step, id)
            return nil
        }
        if let step = fetches[id]?.machine.retryAfterDamage(at: clock.uptime, now: now) {
            perform(step, id)
            return fetches[id]?.machine.remaining(at: clock.uptime)
        }
        guard let error = fetch.machine.timeout(at: clock.uptime) else {
            return fetch.machine.remaining(at: clock.uptime)
        }
        fetch.promise.complete(.failure(SilentFeed.error(error, of: fetch.machine.load) ?? error))
        abandon(id)
        // If only heartbeats were received meanwhile, the next request would fail too.
        if let link, link.lastData <= fetch.machine.opened, link.opened <= fetch.machine.opened {
            link.ending.complete(.failure(ConnectionFault.frozen))
        }
        return nil
    }

    /// Begins a request on the connection; where its sessions are used up, the next connection will.
    func openFetch(_ id: Int) {
        guard let link, let fetch = fetches[id] else { return }
        guard (fetch.isProbe ? link.budget.leftForProbes : link.budget.left) > 0 else {
            guard openSessions < configuration.sessionsPerConnection else {
                return perform(.finished(.failure(crowded)), id)
            }
            return replaceIfDue()
        }
        let session = newChartSession(.fetch(id))
        fetches[id]?.session = session
        let withRolls = mayStudy(fetch.machine.request)
        let step = fetches[id]?.machine.open(session, at: clock.uptime, now: now, withRolls: withRolls)
        guard let step else { return }
        perform(step, id)
    }

    /// Whether a study for the dates of rolls is wanted, and one is left; it is counted.
    func mayStudy(_ request: SeriesRequest?) -> Bool {
        guard request?.wantsRolls == true, let link, link.budget.studiesLeft > 0 else { return false }
        modifyLink { $0.budget.takeStudy() }
        return true
    }

    /// Everything that one connection may carry is in use by live feeds.
    var crowded: MarketDataError {
        MarketDataError(
            .overloaded, "\(openSessions) live series are open on the connection to TradingView; it carries no more",
            source: .tradingview)
    }

    private var tooManyRequests: MarketDataError {
        MarketDataError(
            .overloaded, "\(fetches.count) requests already wait for TradingView; try again later",
            source: .tradingview)
    }

    func fetchReceived(_ event: ServerEvent, _ id: Int) {
        guard let step = fetches[id]?.machine.receive(event, at: clock.uptime, now: now) else { return }
        perform(step, id)
    }

    func perform(_ step: HistoryFetch.Step, _ id: Int) {
        switch step {
        case .send(let calls): send(calls)
        case .openAfresh(let session):
            close(session)
            fetches[id]?.session = nil
            openFetch(id)
        case .finished(let result):
            noteData()
            guard let fetch = fetches.removeValue(forKey: id) else { return }
            close(fetch.session)
            finishProbe(id, result)
            fetch.promise.complete(result.mapError { $0 })
        }
    }
}
