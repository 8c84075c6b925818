import MarketData
import Synchronization

/// What was searched a short while ago, shared by all who search; and how long the server wants to be left alone.
final class RecentSearches: Sendable {
    private let answers = Mutex(RecentAnswers())
    private let refusal = Mutex<(error: MarketDataError, until: Duration)?>(nil)

    func matches(_ query: SymbolQuery, at uptime: Duration) -> SymbolMatches? {
        answers.withLock { answers in
            guard let known = answers.instruments(query, at: uptime) else { return nil }
            return SymbolMatches(known, source: .tradingview, note: answers.note(query, at: uptime))
        }
    }

    func keep(_ matches: SymbolMatches, of query: SymbolQuery, at uptime: Duration) {
        answers.withLock { $0.keep(matches.instruments, of: query, at: uptime, note: matches.note) }
    }

    /// Why the server is not asked now, where it wants to be left alone.
    func refusal(at uptime: Duration) -> MarketDataError? {
        guard let (error, until) = refusal.withLock({ $0 }), uptime < until else { return nil }
        let left = ((until - uptime) / .seconds(1)).rounded(.up)
        return MarketDataError(
            error.code, error.message, source: error.source, recovery: .retry(afterSeconds: Int(left)))
    }

    /// Remembers how long the server wants to be left alone.
    func keep(_ error: MarketDataError, at uptime: Duration) {
        guard error.code == .throttled, let seconds = error.retryAfterSeconds else { return }
        refusal.withLock { $0 = (error, uptime + .seconds(seconds)) }
    }
}
