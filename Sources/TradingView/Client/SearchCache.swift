import MarketData
import Synchronization

/// Recent search results, shared by all searches.
final class SharedSearchCache: Sendable {
    private let entries = Mutex(SearchCache())

    func matches(_ query: SymbolQuery, at uptime: Duration) -> SymbolMatches? {
        entries.withLock { entries in
            guard let known = entries.instruments(query, at: uptime) else { return nil }
            return SymbolMatches(known, source: .tradingview, note: entries.note(query, at: uptime))
        }
    }

    func keep(_ matches: SymbolMatches, of query: SymbolQuery, at uptime: Duration) {
        entries.withLock { $0.keep(matches.instruments, of: query, at: uptime, note: matches.note) }
    }
}

/// The entries of the last five minutes, the newest of them where they are many.
struct SearchCache: Sendable {
    private struct Entry {
        let instruments: [Instrument]
        let note: String?
        let until: Duration
    }

    private let life: Duration
    private let mostEntries: Int
    private let mostInstruments: Int
    private var entries: [SymbolQuery: Entry] = [:]
    /// The queries in the order of their entries, the oldest first.
    private var order: [SymbolQuery] = []
    private(set) var instrumentCount = 0

    init(life: Duration = .seconds(300), mostEntries: Int = 256, mostInstruments: Int = 20_000) {
        self.life = life
        self.mostEntries = mostEntries
        self.mostInstruments = mostInstruments
    }

    var count: Int { entries.count }

    func instruments(_ query: SymbolQuery, at uptime: Duration) -> [Instrument]? {
        guard let entry = entries[query], uptime < entry.until else { return nil }
        return entry.instruments
    }

    /// Why the results of a query came from a fallback.
    func note(_ query: SymbolQuery, at uptime: Duration) -> String? {
        guard let entry = entries[query], uptime < entry.until else { return nil }
        return entry.note
    }

    mutating func keep(
        _ instruments: [Instrument], of query: SymbolQuery, at uptime: Duration, note: String? = nil
    ) {
        forget(query)
        entries[query] = Entry(instruments: instruments, note: note, until: uptime + life)
        order.append(query)
        instrumentCount += instruments.count
        while let oldest = order.first,
            order.count > mostEntries || instrumentCount > mostInstruments || isOver(oldest, at: uptime)
        {
            forget(oldest)
        }
    }

    private func isOver(_ query: SymbolQuery, at uptime: Duration) -> Bool {
        entries[query].map { $0.until <= uptime } ?? true
    }

    private mutating func forget(_ query: SymbolQuery) {
        guard let entry = entries.removeValue(forKey: query) else { return }
        instrumentCount -= entry.instruments.count
        order.removeAll { $0 == query }
    }
}
