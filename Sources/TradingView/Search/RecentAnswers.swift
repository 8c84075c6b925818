import MarketData

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
