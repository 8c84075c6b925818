/// A source that finds instruments by text.
public protocol SymbolSearchProvider: Sendable {
    /// The instruments that match, best first.
    /// - Throws: `MarketDataError`.
    func search(_ query: SymbolQuery) async throws -> [Instrument]

    /// The instruments that match, with who found them and how.
    /// - Throws: `MarketDataError`.
    func matches(_ query: SymbolQuery) async throws -> SymbolMatches
}

extension SymbolSearchProvider {
    /// The instruments that match; a source that does not say more has found them in its usual way.
    public func matches(_ query: SymbolQuery) async throws -> SymbolMatches { SymbolMatches(try await search(query)) }
}

/// What to look for among the instruments.
public struct SymbolQuery: Hashable, Sendable {
    /// Part of a ticker or a name.
    public var text: String
    /// The kind wanted, such as `index`, `stock` or `futures`; `nil` for any.
    public var type: String?
    /// The exchange wanted, such as `NSE`; `nil` for any.
    public var exchange: String?
    /// The largest number of results.
    public var limit: Int

    /// A query; of any type and exchange, 50 at most, unless said otherwise.
    public init(text: String, type: String? = nil, exchange: String? = nil, limit: Int = 50) {
        self.text = text
        self.type = type
        self.exchange = exchange
        self.limit = limit
    }
}

/// The kinds of instruments that a search may be narrowed to; the raw value is the word for it.
public enum SymbolKind: String, CaseIterable, Sendable {
    case index, stock, futures, option, forex, crypto, bond, fund, economic, cfd

    /// Reads a word, also in the plural that the field's searches use.
    /// - Throws: `MarketDataError`: `badRequest`, which lists the words.
    public init(word: String) throws(MarketDataError) {
        let lower = word.lowercased()
        let singular: String =
            switch lower {
            case "indices", "indexes": "index"
            case "future": "futures"
            default: lower.hasSuffix("s") ? String(lower.dropLast()) : lower
            }
        guard let kind = SymbolKind(rawValue: lower) ?? SymbolKind(rawValue: singular) else {
            let list = SymbolKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badRequest("the type '\(word)' is unknown; it may be \(list)")
        }
        self = kind
    }
}

/// What a search found, and who found it.
public struct SymbolMatches: Hashable, Sendable {
    /// The instruments that match, best first.
    public var instruments: [Instrument]
    /// The source of the matches; `nil` if unknown.
    public var source: Provenance.Source?
    /// In plain text, what the caller should know of how they were found, such as a fallback to another search.
    public var note: String?

    /// Matches from their parts.
    public init(_ instruments: [Instrument], source: Provenance.Source? = nil, note: String? = nil) {
        self.instruments = instruments
        self.source = source
        self.note = note
    }
}
