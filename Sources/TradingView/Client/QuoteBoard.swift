import MarketData
import TradingViewProtocol

/// Which subscriber wants which quotes, and the sessions that carry them: the desired state, kept apart from the connection.
///
/// A name is requested once for all its subscribers, and dropped when the last one leaves.
struct QuoteBoard: Sendable {
    /// A subscriber's id.
    typealias Subscriber = Int

    /// An event for one subscriber.
    struct Delivery: Sendable {
        let subscriber: Subscriber
        let event: QuoteEvent
    }

    /// The calls to make and the events to hand on.
    struct Outcome: Sendable {
        var calls: [ClientCall] = []
        var deliveries: [Delivery] = []
    }

    struct Interest: Sendable {
        let symbol: Symbol
        var subscribers: [Subscriber] = []
        var session: SessionID?
        var refusal: MarketDataError?
        var since: Timestamp
        var hasResponse = false
        /// How many sessions ended, one after the other, before they had values of this name.
        var sessionFailures = 0
        /// When values were last received.
        var lastData: Timestamp?
        /// Whether a quiet name was requested again, and how often in a row it had nothing new.
        var isRefreshing = false
        var quietProbes = 0
        /// When a temporarily refused name is requested again.
        var retryAt: Timestamp?
        var backoff = Backoff()
        /// The last reported value.
        var reported: Quote?
    }

    /// How many sessions without values may end before names are refused.
    private static let mostSessionFailures = 2

    var interests: [String: Interest] = [:]
    var sessions: [SessionID: QuoteSession] = [:]
    private var failuresInARow = 0

    var isEmpty: Bool { interests.isEmpty }
    var symbols: [Symbol] { interests.values.map(\.symbol) }
    /// A symbol that has had quotes.
    var quotedSymbol: Symbol? { interests.values.first { $0.lastData != nil && $0.refusal == nil }?.symbol }

    /// Adds a subscriber; known values are delivered at once.
    /// - Parameter newSession: Makes the name of a session; `nil` while there is no connection.
    mutating func subscribe(
        _ subscriber: Subscriber, to symbols: [Symbol], at now: Timestamp, newSession: (() -> SessionID)?
    ) -> Outcome {
        var outcome = Outcome()
        var missing: [String] = []
        for symbol in symbols {
            let name = WireName.of(symbol)
            if interests[name] == nil {
                interests[name] = Interest(symbol: symbol, since: now)
                missing.append(name)
            }
            interests[name]?.subscribers.append(subscriber)
            if let event = current(name, at: now) {
                outcome.deliveries.append(Delivery(subscriber: subscriber, event: event))
            }
        }
        if let newSession { outcome.calls = place(missing, newSession: newSession) }
        return outcome
    }

    /// Removes a subscriber; names without subscribers are dropped.
    mutating func unsubscribe(_ subscriber: Subscriber) -> Outcome {
        var dropped: [SessionID: [String]] = [:]
        for (name, interest) in interests where interest.subscribers.contains(subscriber) {
            interests[name]?.subscribers.removeAll { $0 == subscriber }
            guard interests[name]?.subscribers.isEmpty == true else { continue }
            if let session = interest.session { dropped[session, default: []].append(name) }
            interests[name] = nil
        }
        var outcome = Outcome()
        for (session, names) in dropped { outcome.calls += sessions[session]?.remove(names.sorted()) ?? [] }
        for session in sessions.values where session.records.isEmpty {
            sessions[session.id] = nil
            outcome.calls.append(.quoteDeleteSession(session.id))
        }
        return outcome
    }

    /// A connection was made: everything wanted is requested again, in new sessions.
    mutating func connected(at now: Timestamp, newSession: () -> SessionID) -> Outcome {
        disconnected()
        for name in interests.keys { interests[name]?.since = now }
        return Outcome(calls: place(interests.keys.sorted(), newSession: newSession))
    }

    /// The connection is gone, and all sessions with it.
    mutating func disconnected() {
        sessions = [:]
        for name in interests.keys {
            interests[name]?.session = nil
            interests[name]?.hasResponse = false
            interests[name]?.isRefreshing = false
            interests[name]?.reported = nil
            interests[name]?.retryAt = nil
        }
    }

    /// An event of one of the quote sessions.
    mutating func receive(_ event: ServerEvent, at now: Timestamp, newSession: () -> SessionID) -> Outcome {
        guard let id = event.session, let change = sessions[id]?.receive(event, at: now) else { return Outcome() }
        switch change {
        case .values(let name):
            failuresInARow = 0
            interests[name]?.sessionFailures = 0
            interests[name]?.hasResponse = true
            interests[name]?.refusal = nil
            interests[name]?.retryAt = nil
            if let last = interests[name]?.lastData, now.milliseconds - last.milliseconds < 10_000 {
                interests[name]?.backoff.reset()
            }
            interests[name]?.lastData = now
            return reportChanges(name, at: now)
        case .refused(let name, let error): return refuse(name, error, at: now)
        case .ended(let error): return rebuild(id, after: error, at: now, newSession: newSession)
        }
    }

    /// Refuses the names without a response for too long.
    /// - Parameters:
    ///   - refreshPatience: The patience with a name that had values and was requested again.
    ///   - newSession: Makes the session in which a name that had values is tried once more before.
    mutating func check(
        at now: Timestamp, patience: Duration, refreshPatience: Duration? = nil, newSession: (() -> SessionID)? = nil
    ) -> Outcome {
        var outcome = Outcome()
        for (name, interest) in interests where interest.session != nil && !interest.hasResponse {
            let limit = Int64((interest.isRefreshing ? refreshPatience ?? patience : patience) / .milliseconds(1))
            guard now.milliseconds - interest.since.milliseconds > limit else { continue }
            if interest.isRefreshing, let newSession {
                outcome.calls += move(name, at: now, newSession: newSession)
                continue
            }
            let error = MarketDataError(
                .upstreamTimeout,
                "no quote of \(interest.symbol) within \(patience.inSeconds) s; stuck at: first quote",
                source: .tradingview)
            outcome.deliveries += refuse(name, error, at: now).deliveries
        }
        return outcome
    }

    mutating func place(
        _ names: [String], apart: Bool = false, newSession: () -> SessionID
    ) -> [ClientCall] {
        var calls: [ClientCall] = []
        var rest = names[...]
        while !rest.isEmpty {
            let open = apart ? nil : sessions.values.first { $0.room > 0 }
            var session = open ?? QuoteSession(id: newSession())
            if open == nil { calls += session.opening }
            let batch = Array(rest.prefix(session.room))
            rest = rest.dropFirst(batch.count)
            calls += session.add(batch)
            sessions[session.id] = session
            for name in batch { interests[name]?.session = session.id }
        }
        return calls
    }

    /// The latest event of a name: its values or why it has none.
    func current(_ name: String, at now: Timestamp) -> QuoteEvent? {
        guard let interest = interests[name] else { return nil }
        if let refusal = interest.refusal { return .refused(interest.symbol, refusal) }
        guard let id = interest.session, let record = sessions[id]?.records[name], record.isPresentable else {
            return nil
        }
        return .quote(record.quote(of: interest.symbol, at: now))
    }

    func report(_ name: String, at now: Timestamp) -> Outcome {
        guard let event = current(name, at: now), let interest = interests[name] else { return Outcome() }
        return Outcome(deliveries: interest.subscribers.map { Delivery(subscriber: $0, event: event) })
    }

    private mutating func refuse(_ name: String, _ error: MarketDataError, at now: Timestamp) -> Outcome {
        interests[name]?.hasResponse = true
        let hadData = interests[name]?.lastData != nil
        if error.endsSubscription(hadData: hadData) {
            interests[name]?.retryAt = nil
        } else {
            var random = SystemRandomNumberGenerator()
            let wait = interests[name]?.backoff.next(after: error, using: &random) ?? .zero
            interests[name]?.retryAt = Timestamp(
                milliseconds: now.milliseconds + max(500, Int64(wait / .milliseconds(1))))
        }
        guard interests[name]?.refusal != error else { return Outcome() }
        interests[name]?.refusal = error
        interests[name]?.reported = nil
        return report(name, at: now)
    }

    /// A session ended, perhaps because of one of its names: those that had values move to a new one together, the others by
    /// halves, so that the name at fault is soon alone. It is refused, as all are where one new session after the other
    /// dies.
    private mutating func rebuild(
        _ id: SessionID, after error: MarketDataError, at now: Timestamp, newSession: () -> SessionID
    ) -> Outcome {
        guard let dead = sessions.removeValue(forKey: id) else { return Outcome() }
        failuresInARow += 1
        let names = dead.records.keys.sorted()
        for name in names { interests[name]?.session = nil }
        let suspects = names.filter { dead.records[$0]?.isPresentable != true }
        for name in suspects { interests[name]?.sessionFailures += 1 }
        let cleared = names.filter { dead.records[$0]?.isPresentable == true }
        var outcome = Outcome(calls: place(cleared, apart: true, newSession: newSession))
        let isAlone =
            suspects.count == 1
            && suspects.contains { (interests[$0]?.sessionFailures ?? 0) > QuoteBoard.mostSessionFailures }
        if isAlone || failuresInARow > QuoteBoard.mostSessionFailures {
            for name in suspects { outcome.deliveries += refuse(name, error, at: now).deliveries }
            return outcome
        }
        let half = (suspects.count + 1) / 2
        outcome.calls += place(Array(suspects.prefix(half)), apart: true, newSession: newSession)
        outcome.calls += place(Array(suspects.dropFirst(half)), apart: true, newSession: newSession)
        return outcome
    }
}

extension QuoteBoard {
    /// How many names are requested again at a time.
    private static let refreshedAtOnce = 50
    private static let mostDoublings = 3

    /// Requests names again that have been quiet for long while their market is open: one whose stream has frozen
    /// gets its present values, one that is really quiet gets the same again, which is not reported.
    ///
    /// A name with nothing new is requested more rarely, up to eight times the patience.
    mutating func refresh(at now: Timestamp, patience: Duration) -> Outcome {
        let limit = Int64(patience / .milliseconds(1))
        let due = interests.filter { name, interest in
            guard interest.hasResponse, interest.refusal == nil, let last = interest.lastData,
                let session = interest.session, let record = sessions[session]?.records[name], !record.isAtRest
            else { return false }
            return now.milliseconds - last.milliseconds >= limit << interest.quietProbes
        }
        var named: [SessionID: [String]] = [:]
        for (name, interest) in due.sorted(by: { $0.key < $1.key }).prefix(QuoteBoard.refreshedAtOnce) {
            guard let session = interest.session else { continue }
            named[session, default: []].append(name)
            interests[name]?.since = now
            interests[name]?.hasResponse = false
            interests[name]?.isRefreshing = true
            interests[name]?.quietProbes = min(interest.quietProbes + 1, QuoteBoard.mostDoublings)
        }
        var outcome = Outcome()
        for (session, names) in named.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            outcome.calls += [.quoteRemoveSymbols(session, names), .quoteAddSymbols(session, names)]
        }
        return outcome
    }

    /// Requests names again that were refused for a temporary reason.
    mutating func retry(at now: Timestamp, newSession: () -> SessionID) -> Outcome {
        let due = interests.filter { $0.value.retryAt.map { $0 <= now } ?? false }.keys.sorted()
            .prefix(QuoteBoard.refreshedAtOnce)
        guard !due.isEmpty else { return Outcome() }
        var calls: [ClientCall] = []
        for name in due {
            if let session = interests[name]?.session { calls += sessions[session]?.remove([name]) ?? [] }
            interests[name]?.session = nil
            interests[name]?.retryAt = nil
            interests[name]?.hasResponse = false
            interests[name]?.isRefreshing = false
            interests[name]?.since = now
        }
        // First in a new session, because the old one may be broken; later attempts would use too many sessions.
        let first = due.filter { (interests[$0]?.backoff.failures ?? 0) <= 1 }
        calls += place(first, apart: true, newSession: newSession)
        calls += place(due.filter { !first.contains($0) }, newSession: newSession) + closeEmpty()
        return Outcome(calls: calls)
    }

    /// Closes the sessions that hold no name any more.
    private mutating func closeEmpty() -> [ClientCall] {
        sessions.values.filter(\.records.isEmpty).map(\.id).map { session in
            sessions[session] = nil
            return .quoteDeleteSession(session)
        }
    }

    /// A name that was requested again and got no response moves to its own session.
    mutating func move(_ name: String, at now: Timestamp, newSession: () -> SessionID) -> [ClientCall] {
        var calls: [ClientCall] = []
        if let session = interests[name]?.session { calls += sessions[session]?.remove([name]) ?? [] }
        interests[name]?.isRefreshing = false
        interests[name]?.since = now
        return calls + place([name], apart: true, newSession: newSession) + closeEmpty()
    }

    /// Reports new values. The same values are not reported twice: upstream sends fields that are not ours, and a name
    /// that was requested again has what it had before.
    mutating func reportChanges(_ name: String, at now: Timestamp) -> Outcome {
        guard case .quote(let quote)? = current(name, at: now) else { return report(name, at: now) }
        if interests[name]?.reported == quote { return Outcome() }
        let isKnown = interests[name]?.reported.map { quote.hasValues(of: $0) } ?? false
        if interests[name]?.isRefreshing == true, isKnown { return Outcome() }
        if !isKnown { interests[name]?.quietProbes = 0 }
        interests[name]?.isRefreshing = false
        interests[name]?.reported = quote
        return report(name, at: now)
    }
}

extension Quote {
    /// Whether everything but the moment is the same.
    fileprivate func hasValues(of other: Quote) -> Bool {
        var same = other
        same.provenance.asOf = provenance.asOf
        return same == self
    }
}
