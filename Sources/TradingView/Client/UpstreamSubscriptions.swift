import AsyncSupport
import Logging
import MarketData
import TradingViewProtocol
import WebSocketTransport

extension Upstream {
    /// Completed once there is a connection, failed where the attempt fails.
    func connection() -> Promise<Void> {
        let promise = Promise<Void>()
        if link != nil {
            promise.complete(.success(()))
        } else if let refusal = refusalNow {
            promise.complete(.failure(refusal))
        } else {
            connectionWaiters.append(promise)
            wakeRunner()
        }
        return promise
    }

    /// Adds a reader of quotes.
    func subscribe(_ symbols: [Symbol], source: FeedSource<QuoteEvent>) -> Int {
        let id = newID()
        quotes[id] = source
        let newSession = link == nil ? nil : { self.newQuoteSession() }
        perform(board.subscribe(id, to: symbols, at: clock.steadyNow, newSession: newSession))
        if let reserved { source.send(.status(reserved)) }
        if link == nil { wakeRunner() }
        return id
    }

    /// The status of a connection that gives less than it should, for readers that subscribe after it was made.
    private var reserved: SourceStatus? {
        currentStatus.state == .connected && currentStatus.reason != nil ? currentStatus : nil
    }

    func unsubscribe(_ id: Int) {
        guard quotes.removeValue(forKey: id) != nil else { return }
        send(board.unsubscribe(id).calls)
        replaceIfDue()
    }

    func perform(_ outcome: QuoteBoard.Outcome) {
        send(outcome.calls)
        for delivery in outcome.deliveries { quotes[delivery.subscriber]?.send(delivery.event) }
    }

    /// Adds a reader of live bars; `ready` is completed with the first snapshot.
    func subscribe(_ request: SeriesRequest, source: FeedSource<BarEvent>) -> (id: Int, ready: Promise<Void>) {
        let id = newID()
        let ready = Promise<Void>()
        if let refusal = refusalNow {
            ready.complete(.failure(refusal))
            return (id, ready)
        }
        let machine = LiveSeries(request, deadlines: configuration.deadlines, at: clock.uptime)
        series[id] = RunningSeries(
            machine: machine, source: source, ready: ready,
            watch: SeriesWatch(patience: configuration.deadlines.stall * 2, at: clock.uptime),
            supervision: Supervision(at: clock.uptime))
        if link == nil { wakeRunner() } else { openSeries(id) }
        return (id, ready)
    }

    func unsubscribeBars(_ id: Int) {
        guard let running = series.removeValue(forKey: id) else { return }
        close(running.session)
        replaceIfDue()
    }

    /// Loads a live series on the connection; where its sessions are used up, the next connection will.
    func openSeries(_ id: Int) {
        guard let link, let running = series[id], running.session == nil else { return }
        series[id]?.supervision.connecting(at: clock.uptime)
        guard link.budget.left > 0 else {
            guard openSessions < configuration.sessionsPerConnection else {
                let isOpenBefore = running.machine.hasSnapshot
                return perform(
                    LiveSeries.Step(then: isOpenBefore ? .reopen(closing: nil, after: crowded) : .fail(crowded)), id)
            }
            return replaceIfDue()
        }
        let session = newChartSession(.series(id))
        series[id]?.session = session
        let withRolls = mayStudy(series[id]?.machine.request)
        series[id]?.watch.reset(at: clock.uptime)
        let step = series[id]?.machine.open(session, at: clock.uptime, now: now, withRolls: withRolls)
        guard let step else { return }
        perform(step, id)
    }

    func perform(_ step: LiveSeries.Step, _ id: Int) {
        guard let running = series[id] else { return }
        send(step.calls)
        for event in step.events { running.source.send(event) }
        if running.machine.isStreaming, running.supervision.state != .live || !step.events.isEmpty {
            let wasIll = running.supervision.error != nil || running.supervision.state == .stale
            series[id]?.supervision.live(at: clock.uptime)
            if wasIll { reportCondition(of: id) }
        }
        if !step.events.isEmpty, !running.isReady {
            series[id]?.isReady = true
            if let reserved { running.source.send(.status(reserved)) }
            running.ready.complete(.success(()))
        }
        switch step.then {
        case .goOn: break
        case .reopen(let session, let error): reopen(id, closing: session, after: error)
        case .fail(let error):
            close(running.session)
            series[id] = nil
            running.ready.complete(.failure(SilentFeed.error(error, of: running.machine.load) ?? error))
            running.source.finish(throwing: error)
        }
    }

    /// Opens a series again when its supervisor says so; where that is never, its feed ends.
    private func reopen(_ id: Int, closing session: SessionID?, after error: MarketDataError) {
        close(session)
        series[id]?.session = nil
        series[id]?.machine.disconnected()
        var random = SystemRandomNumberGenerator()
        guard let wait = series[id]?.supervision.failed(error, at: clock.uptime, using: &random) else {
            return perform(LiveSeries.Step(then: .fail(error)), id)
        }
        logger.info(
            "a live series is opened again",
            metadata: ["id": "\(id)", "code": "\(error.code.rawValue)", "reason": "\(error.message)"])
        if wait <= .zero { openSeries(id) } else { reportCondition(of: id) }
    }
}

extension Upstream {
    /// Data of a live feed was received.
    func noteLiveData() {
        noteData()
        stall.received(at: clock.uptime)
    }

    /// Requests one bar once live feeds have been quiet for long, and notices a missing response.
    /// - Throws: `MarketDataError` where the connection is frozen.
    func watchForStall() throws {
        let uptime = clock.uptime
        if let probe = stall.probe {
            guard let fetch = fetches[probe] else { return stall.responded(at: uptime) }
            if let step = fetches[probe]?.machine.retryAfterDamage(at: uptime, now: now) {
                perform(step, probe)
            } else if fetch.machine.remaining(at: uptime) <= .zero {
                throw ConnectionFault.frozen
            }
            return
        }
        guard hasLiveDemand else { return stall.received(at: uptime) }
        guard stall.isDue(at: uptime), let request = probeRequest else { return }
        stall.started(fetch(request, isProbe: true).id)
    }

    /// A request that got a response before, and must again while the server lives.
    private var probeRequest: SeriesRequest? {
        let live = series.values.first(where: \.isReady)?.machine.request.barRequest.symbol
        return (live ?? board.quotedSymbol).flatMap { symbol in
            probe(of: BarRequest(symbol: symbol, interval: .oneDay, span: .count(1)))
        }
    }

    private func probe(of request: BarRequest) -> SeriesRequest? {
        var request = try? SeriesRequest(request, pageSize: configuration.pageSize)
        request?.wantsRolls = false
        return request
    }

    /// The series that may be looked after at once.
    private static let probesAtOnce = 8

    /// Loads the newest bars of live series that give nothing while their market is open, or whose newest bar is over.
    func watchSeries() {
        let uptime = clock.uptime
        var probing = 0
        for (id, running) in series {
            guard let probe = running.watch.probe else { continue }
            probing += 1
            guard let fetch = fetches[probe.request] else {
                series[id]?.watch.wasQuiet(at: uptime)
                continue
            }
            if let step = fetches[probe.request]?.machine.retryAfterDamage(at: uptime, now: now) {
                perform(step, probe.request)
            } else if fetch.machine.remaining(at: uptime) <= .zero {
                evaluateProbe(id, .failure(ConnectionFault.frozen))
                abandon(probe.request)
            }
        }
        guard stall.probe == nil else { return }
        let upstream = serverTime.now(at: uptime)
        let due = series.filter { _, running in
            guard running.machine.isStreaming else { return false }
            if running.watch.isDue(at: uptime) { return true }
            return running.watch.mayConfirm(at: uptime)
                && (upstream.map(running.machine.isConfirmationDue) ?? false)
        }
        for (id, running) in due.sorted(by: { $0.value.watch.since < $1.value.watch.since }) {
            guard probing < Upstream.probesAtOnce, let link, link.budget.leftForProbes > 0 else { return }
            let isClosing = upstream.map(running.machine.isConfirmationDue) ?? false
            guard isClosing || running.machine.mayTrade(at: now) else {
                // A market that rests is left alone, and looked at again a patience later.
                series[id]?.watch.received(at: uptime)
                continue
            }
            var request = running.machine.request.barRequest
            request.span = .count(2)
            guard let request = probe(of: request) else { continue }
            var isAllowed = false
            modifyLink { isAllowed = $0.probes.take(at: uptime) }
            guard isAllowed else { return }
            series[id]?.watch.started(fetch(request, isProbe: true).id, at: uptime)
            probing += 1
        }
    }

    /// The result of a probe of a live series: a series that is behind the response, or whose
    /// instrument gives no response on a healthy connection, is opened again, alone.
    func finishProbe(_ request: Int, _ result: Result<BarSeries, MarketDataError>) {
        guard let id = series.first(where: { $0.value.watch.probe?.request == request })?.key else { return }
        evaluateProbe(id, result)
    }

    private func evaluateProbe(_ id: Int, _ result: Result<BarSeries, MarketDataError>) {
        guard let running = series[id], let started = running.watch.probe?.started else { return }
        let uptime = clock.uptime
        let isFrozen: Bool
        switch result {
        case .success(let response):
            isFrozen = !running.watch.hasSpoken && running.machine.lags(behind: response)
            if let events = series[id]?.machine.confirm(with: response), !events.isEmpty {
                for event in events { running.source.send(event) }
            }
        case .failure(let error):
            isFrozen = !running.watch.hasSpoken && error == ConnectionFault.frozen && stall.lastData > started
        }
        guard isFrozen, let session = running.session else {
            series[id]?.watch.wasQuiet(at: uptime)
            return
        }
        logger.notice(
            "a live series froze while its connection lived; it is opened again",
            metadata: ["symbol": "\(running.machine.request.barRequest.symbol)"])
        modifyLink { $0.probes.giveBack() }
        series[id]?.watch.wasFrozen(at: uptime)
        if running.watch.timesFrozen > 0 {
            // It was opened again already, and still sends nothing.
            series[id]?.supervision.stale(
                "no data while the market is open, also after the series was opened again", at: uptime)
            reportCondition(of: id)
        }
        close(session)
        series[id]?.session = nil
        series[id]?.machine.disconnected()
        openSeries(id)
    }
}
