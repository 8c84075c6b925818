import MarketData
import TradingViewProtocol

extension QuoteBoard {
    /// How many names are asked for once more at a time.
    private static let refreshedAtOnce = 50
    private static let mostDoublings = 3

    /// Asks once more for names that have been quiet for long while their market is open: one whose stream has frozen
    /// gets its figures of now, one that is honestly quiet gets the same again, which nobody is told.
    ///
    /// A name with nothing new is asked for more rarely, up to eight times the patience.
    mutating func refresh(at now: Timestamp, patience: Duration) -> Outcome {
        let limit = Int64(patience / .milliseconds(1))
        let due = interests.filter { name, interest in
            guard interest.isAnswered, interest.refusal == nil, let last = interest.lastFigures,
                let session = interest.session, let record = sessions[session]?.records[name], !record.isAtRest
            else { return false }
            return now.milliseconds - last.milliseconds >= limit << interest.quietTimes
        }
        var named: [SessionID: [String]] = [:]
        for (name, interest) in due.sorted(by: { $0.key < $1.key }).prefix(QuoteBoard.refreshedAtOnce) {
            guard let session = interest.session else { continue }
            named[session, default: []].append(name)
            interests[name]?.since = now
            interests[name]?.isAnswered = false
            interests[name]?.isRefreshing = true
            interests[name]?.quietTimes = min(interest.quietTimes + 1, QuoteBoard.mostDoublings)
        }
        var outcome = Outcome()
        for (session, names) in named.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            outcome.calls += [.quoteRemoveSymbols(session, names), .quoteAddSymbols(session, names)]
        }
        return outcome
    }

    /// Asks again for names that were refused for a reason that passes.
    mutating func retry(at now: Timestamp, newSession: () -> SessionID) -> Outcome {
        let due = interests.filter { $0.value.retryAt.map { $0 <= now } ?? false }.keys.sorted()
            .prefix(QuoteBoard.refreshedAtOnce)
        guard !due.isEmpty else { return Outcome() }
        var calls: [ClientCall] = []
        for name in due {
            if let session = interests[name]?.session { calls += sessions[session]?.remove([name]) ?? [] }
            interests[name]?.session = nil
            interests[name]?.retryAt = nil
            interests[name]?.isAnswered = false
            interests[name]?.isRefreshing = false
            interests[name]?.since = now
        }
        // At first in a session of its own, for the former may be dead; later one more session each time would be too many.
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

    /// A name that was asked for once more and got no answer is asked for in a session of its own.
    mutating func move(_ name: String, at now: Timestamp, newSession: () -> SessionID) -> [ClientCall] {
        var calls: [ClientCall] = []
        if let session = interests[name]?.session { calls += sessions[session]?.remove([name]) ?? [] }
        interests[name]?.isRefreshing = false
        interests[name]?.since = now
        return calls + place([name], apart: true, newSession: newSession) + closeEmpty()
    }

    /// Tells new figures. What was told already is not told again: upstream sends fields that are not ours, and a name
    /// that was asked for once more has what it had before.
    mutating func tellNews(_ name: String, at now: Timestamp) -> Outcome {
        guard case .quote(let quote)? = standing(name, at: now) else { return tell(name, at: now) }
        if interests[name]?.told == quote { return Outcome() }
        let isKnown = interests[name]?.told.map { quote.hasFigures(of: $0) } ?? false
        if interests[name]?.isRefreshing == true, isKnown { return Outcome() }
        if !isKnown { interests[name]?.quietTimes = 0 }
        interests[name]?.isRefreshing = false
        interests[name]?.told = quote
        return tell(name, at: now)
    }
}

extension Quote {
    /// Whether everything but the moment is the same.
    fileprivate func hasFigures(of other: Quote) -> Bool {
        var same = other
        same.provenance.asOf = provenance.asOf
        return same == self
    }
}
