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

/// The answers of the last five minutes, the newest of them where they are many.
struct RecentAnswers: Sendable {
    private struct Answer {
        let instruments: [Instrument]
        let note: String?
        let until: Duration
    }

    private let life: Duration
    private let mostAnswers: Int
    private let mostInstruments: Int
    private var answers: [SymbolQuery: Answer] = [:]
    /// The queries in the order of their answers, the oldest first.
    private var order: [SymbolQuery] = []
    private(set) var instrumentCount = 0

    init(life: Duration = .seconds(300), mostAnswers: Int = 256, mostInstruments: Int = 20_000) {
        self.life = life
        self.mostAnswers = mostAnswers
        self.mostInstruments = mostInstruments
    }

    var count: Int { answers.count }

    func instruments(_ query: SymbolQuery, at uptime: Duration) -> [Instrument]? {
        guard let answer = answers[query], uptime < answer.until else { return nil }
        return answer.instruments
    }

    /// Why what is known of a query was not found in the usual way.
    func note(_ query: SymbolQuery, at uptime: Duration) -> String? {
        guard let answer = answers[query], uptime < answer.until else { return nil }
        return answer.note
    }

    mutating func keep(
        _ instruments: [Instrument], of query: SymbolQuery, at uptime: Duration, note: String? = nil
    ) {
        forget(query)
        answers[query] = Answer(instruments: instruments, note: note, until: uptime + life)
        order.append(query)
        instrumentCount += instruments.count
        while let oldest = order.first,
            order.count > mostAnswers || instrumentCount > mostInstruments || isOver(oldest, at: uptime)
        {
            forget(oldest)
        }
    }

    private func isOver(_ query: SymbolQuery, at uptime: Duration) -> Bool {
        answers[query].map { $0.until <= uptime } ?? true
    }

    private mutating func forget(_ query: SymbolQuery) {
        guard let answer = answers.removeValue(forKey: query) else { return }
        instrumentCount -= answer.instruments.count
        order.removeAll { $0 == query }
    }
}
