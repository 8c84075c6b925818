import MarketData
import Synchronization

/// What was searched a short while ago, shared by all who search.
final class RecentSearches: Sendable {
    private let answers = Mutex(RecentAnswers())

    func matches(_ query: SymbolQuery, at uptime: Duration) -> SymbolMatches? {
        answers.withLock { answers in
            guard let known = answers.instruments(query, at: uptime) else { return nil }
            return SymbolMatches(known, source: .tradingview, note: answers.note(query, at: uptime))
        }
    }

    func keep(_ matches: SymbolMatches, of query: SymbolQuery, at uptime: Duration) {
        answers.withLock { $0.keep(matches.instruments, of: query, at: uptime, note: matches.note) }
    }
}
