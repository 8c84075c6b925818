import MarketData
import Synchronization

/// What was searched a short while ago, shared by all who search.
final class RecentSearches: Sendable {
    private let answers = Mutex(RecentAnswers())

    func instruments(_ query: SymbolQuery, at uptime: Duration) -> [Instrument]? {
        answers.withLock { $0.instruments(query, at: uptime) }
    }

    func keep(_ instruments: [Instrument], of query: SymbolQuery, at uptime: Duration) {
        answers.withLock { $0.keep(instruments, of: query, at: uptime) }
    }
}
