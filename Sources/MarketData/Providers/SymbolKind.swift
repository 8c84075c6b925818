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
