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
            rouse()
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
        if link == nil { rouse() }
        return id
    }

    /// The status of a connection that stands and gives less than it should, for who comes after it was made.
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
    func subscribe(_ question: SeriesQuestion, source: FeedSource<BarEvent>) -> (id: Int, ready: Promise<Void>) {
        let id = newID()
        let ready = Promise<Void>()
        if let refusal = refusalNow {
            ready.complete(.failure(refusal))
            return (id, ready)
        }
        let machine = LiveSeries(question, deadlines: configuration.deadlines, at: clock.uptime)
        series[id] = RunningSeries(
            machine: machine, source: source, ready: ready,
            watch: SeriesWatch(patience: configuration.deadlines.stall * 2, at: clock.uptime),
            supervision: Supervision(at: clock.uptime))
        if link == nil { rouse() } else { openSeries(id) }
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
        let withRolls = mayStudy(series[id]?.machine.question)
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
            if wasIll { tellCondition(of: id) }
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
        if wait <= .zero { openSeries(id) } else { tellCondition(of: id) }
    }
}
