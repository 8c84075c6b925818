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

    /// A name that was asked for once more and got no answer is asked for in a session of its own.
    mutating func move(_ name: String, at now: Timestamp, newSession: () -> SessionID) -> [ClientCall] {
        var calls: [ClientCall] = []
        if let session = interests[name]?.session { calls += sessions[session]?.remove([name]) ?? [] }
        interests[name]?.isRefreshing = false
        interests[name]?.since = now
        calls += place([name], apart: true, newSession: newSession)
        let empty = sessions.values.filter(\.records.isEmpty).map(\.id)
        for session in empty {
            sessions[session] = nil
            calls.append(.quoteDeleteSession(session))
        }
        return calls
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
