import AsyncSupport
import Logging
import MarketData
import TradingViewProtocol
import WebSocketTransport

extension Upstream {
    /// What one WebSocket message held.
    /// - Throws: `MarketDataError` where the server ends the connection.
    func received(_ arrivals: [Arrival], on link: Link) throws {
        guard self.link?.number == link.number else { return }
        modifyLink { $0.lastReceived = clock.uptime }
        var isReloading = false
        for arrival in arrivals {
            switch arrival {
            case .event(let event): try receive(event)
            // An unknown name may be a damaged one.
            case .unreadable(let reason, let session?) where isOpen(session): reload(reason, of: session)
            // On a session that was closed nothing hangs any more.
            case .unreadable(_, let session?) where self.link?.sessions.contains(session) == true: break
            // The response to a request repeated after one invalid stretch cannot be in the same message.
            case .unreadable(let reason, _) where !isReloading:
                isReloading = true
                reload(reason)
            case .unreadable: break
            }
        }
    }

    /// A sign of life without data.
    func receivedHeartbeat() { modifyLink { $0.lastReceived = clock.uptime } }

    private func receive(_ event: ServerEvent) throws {
        if case .protocolError(let reason) = event { throw ConnectionFault.ofProtocol(reason) }
        if let time = event.serverTime { serverTime.saw(time, at: clock.uptime) }
        guard let session = event.session else { return }
        modifyLink { $0.lastData = clock.uptime }
        if case .criticalError(_, let reason, let info) = event, !session.isChart, !session.isQuote {
            throw ConnectionFault.ofCritical(reason, info: info)
        }
        if case .criticalError(_, let reason, _) = event, SeriesFailure.isSessionRate(reason) {
            modifyLink { $0.budget.exhaust() }
        }
        if case .studyError(_, let reason) = event, reason.contains("maximum number of studies") {
            modifyLink { $0.budget.exhaustStudies() }
        }
        switch routes[session] {
        case .fetch(let id): fetchReceived(event, id)
        case .series(let id):
            noteLiveData()
            if event.isChartData { series[id]?.watch.received(at: clock.uptime) }
            guard let step = series[id]?.machine.receive(event, at: clock.uptime, now: now) else { return }
            perform(step, id)
        case nil:
            guard board.sessions[session] != nil else { return }
            noteLiveData()
            perform(board.receive(event, at: clock.steadyNow, newSession: newQuoteSession))
        }
        replaceIfDue()
    }

    private func isOpen(_ session: SessionID) -> Bool { routes[session] != nil || board.sessions[session] != nil }

    /// An invalid message names its session: the data of that session are requested again.
    private func reload(_ reason: String, of session: SessionID) {
        logger.warning(
            "TradingView returned an invalid message; fetching its session again", metadata: ["reason": "\(reason)"])
        switch routes[session] {
        case .fetch(let id):
            guard let step = fetches[id]?.machine.receiveUnreadable(reason, at: clock.uptime, now: now) else { return }
            perform(step, id)
        case .series(let id):
            guard let step = series[id]?.machine.receiveUnreadable(reason) else { return }
            perform(step, id)
        case nil:
            areQuotesSuspect = true
            rebuildQuotes()
        }
    }

    /// Invalid bytes were received: every pending request on this connection is sent again.
    private func reload(_ reason: String) {
        logger.warning(
            "TradingView returned invalid bytes; fetching everything pending again", metadata: ["reason": "\(reason)"])
        for id in fetches.keys where fetches[id]?.session != nil {
            guard let step = fetches[id]?.machine.receiveUnreadable(reason, at: clock.uptime, now: now) else {
                continue
            }
            perform(step, id)
        }
        for id in series.keys where series[id]?.session != nil {
            guard let step = series[id]?.machine.receiveUnreadable(reason) else { continue }
            perform(step, id)
        }
        areQuotesSuspect = true
        rebuildQuotes()
    }

    /// An update may be lost: all quotes are fetched again, at most once per pause.
    private func rebuildQuotes() {
        let now = clock.uptime
        guard areQuotesSuspect, lastQuoteRebuild.map({ now - $0 > Upstream.quoteRebuildPause }) ?? true else { return }
        areQuotesSuspect = false
        guard !board.isEmpty else { return }
        lastQuoteRebuild = now
        for session in board.sessions.keys { send([.quoteDeleteSession(session)]) }
        perform(board.connected(at: clock.steadyNow, newSession: newQuoteSession))
    }

    private static let quoteRebuildPause = Duration.seconds(10)

    /// Looks at the deadlines; called about once a second while connected.
    /// - Throws: `MarketDataError` if nothing was received for too long.
    func tick(_ link: Link) throws {
        guard let current = self.link, current.number == link.number else { return }
        if clock.uptime - current.lastReceived > configuration.deadlines.silence {
            throw ConnectionFault.silence(configuration.deadlines.silence)
        }
        for id in series.keys.sorted() {
            guard let running = series[id] else { continue }
            if running.supervision.isDue(at: clock.uptime) { openSeries(id) }
            // Where no other request got a response meanwhile, the fault is the connection's.
            let opened = running.machine.opened
            if running.machine.isOverdue(at: clock.uptime), current.lastData <= opened, current.opened <= opened {
                throw ConnectionFault.frozen
            }
            guard let step = series[id]?.machine.check(at: clock.uptime, now: now) else { continue }
            perform(step, id)
        }
        let deadlines = configuration.deadlines
        perform(
            board.check(
                at: clock.steadyNow, patience: deadlines.progress, refreshPatience: deadlines.probe,
                newSession: newQuoteSession))
        perform(board.retry(at: clock.steadyNow, newSession: newQuoteSession))
        perform(board.refresh(at: clock.steadyNow, patience: deadlines.stall))
        rebuildQuotes()
        try watchForStall()
        watchSeries()
        replaceIfDue()
    }

    /// Lets the connection end where its sessions are used up and no request is on its way.
    func replaceIfDue() {
        guard let link, link.budget.isReplacementDue(open: openSessions) else { return }
        guard fetches.values.allSatisfy({ $0.session == nil }) else { return }
        link.ending.complete(.success(()))
    }

    var openSessions: Int { routes.count + board.sessions.count }

    func modifyLink(_ change: (inout Link) -> Void) {
        guard case .connected(var link) = phase else { return }
        change(&link)
        phase = .connected(link)
    }

    func send(_ calls: [ClientCall]) {
        guard let link else { return }
        for call in calls { link.send(call) }
    }

    func newChartSession(_ route: Route) -> SessionID {
        var random = SystemRandomNumberGenerator()
        let session = SessionID.chart(using: &random)
        modifyLink { $0.made(session) }
        routes[session] = route
        return session
    }

    func newQuoteSession() -> SessionID {
        var random = SystemRandomNumberGenerator()
        let session = SessionID.quote(using: &random)
        modifyLink { $0.made(session) }
        return session
    }

    func close(_ session: SessionID?) {
        guard let session, routes.removeValue(forKey: session) != nil else { return }
        send([.chartDeleteSession(session)])
    }
}

extension ServerEvent {
    /// Whether it brings bars.
    fileprivate var isChartData: Bool {
        switch self {
        case .timescaleUpdate, .dataUpdate: true
        default: false
        }
    }
}

/// The received messages that sessions handle.
enum Arrival: Hashable, Sendable {
    case event(ServerEvent)
    /// Unreadable bytes; they may have held bars or quotes, of the session that they name if any.
    case unreadable(String, of: SessionID? = nil)

    /// The least that a packet with one bar takes: its method, session, series, index and prices.
    private static let smallestBarPacket = 100

    /// The messages without which a response may be incomplete, or never end.
    private static let vital: Set = [
        "timescale_update", "du", "clear_data", "symbol_resolved", "symbol_error", "series_completed", "series_error",
        "series_deleted", "qsd", "quote_completed", "critical_error", "protocol_error",
    ]

    /// Bytes outside any packet. A few of them without a trace of JSON cannot have held a bar.
    init?(stray bytes: some Collection<UInt8>, reason: String) {
        if bytes.count < Arrival.smallestBarPacket, !bytes.contains(UInt8(ascii: "{")) { return nil }
        self = .unreadable(reason)
    }

    /// A packet's payload.
    init(payload: [UInt8]) { self.init(payload: payload[...]) }

    /// The payload of a packet that is a part of a message.
    init(payload: ArraySlice<UInt8>) {
        let event = ServerEventDecoder.decode(payload)
        guard case .unreadable(let reason, _) = event else {
            self = .event(event)
            return
        }
        let subject = MessageSubject(payload)
        if let method = subject?.method, !Arrival.vital.contains(method) {
            self = .event(.unknown(method: method, payload: []))
        } else {
            self = .unreadable(reason, of: subject?.session)
        }
    }
}
