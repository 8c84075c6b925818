/// The names that people write without an exchange, and what they mean.
///
/// A bare ticker that is not in the book is an error with suggestions, never a guess.
public enum SymbolBook {
    /// One name of the book.
    public struct Entry: Sendable {
        /// What the name stands for.
        public let symbol: Symbol
        /// In plain words.
        public let description: String
    }

    /// The Indian indices, by the ticker people use for them.
    public static let entries: [Entry] = [
        Entry(symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), description: "Nifty 50 Index"),
        Entry(symbol: Symbol(exchange: "NSE", ticker: "BANKNIFTY"), description: "Nifty Bank Index"),
        Entry(symbol: Symbol(exchange: "NSE", ticker: "FINNIFTY"), description: "Nifty Financial Services Index"),
        Entry(symbol: Symbol(exchange: "NSE", ticker: "MIDCPNIFTY"), description: "Nifty Midcap Select Index"),
        Entry(symbol: Symbol(exchange: "NSE", ticker: "NIFTYNXT50"), description: "Nifty Next 50 Index"),
        Entry(symbol: Symbol(exchange: "NSE", ticker: "INDIAVIX"), description: "India Volatility Index"),
        Entry(symbol: Symbol(exchange: "BSE", ticker: "SENSEX"), description: "S&P BSE Sensex Index"),
        Entry(symbol: Symbol(exchange: "BSE", ticker: "BANKEX"), description: "S&P BSE Bankex Index"),
    ]

    /// Reads `EXCHANGE:TICKER`, or a bare ticker of the book.
    /// - Throws: `MarketDataError`: `badRequest` for text that is no symbol, `symbolNotFound` with suggestions for an
    ///   unknown bare ticker.
    public static func symbol(_ text: String) throws(MarketDataError) -> Symbol {
        guard text.utf8.count <= Symbol.longest else { throw Symbol.tooLong }
        let upper = text.uppercased()
        guard !upper.isEmpty, !upper.contains(":"), upper.unicodeScalars.allSatisfy(Symbol.allowed) else {
            return try Symbol(text)
        }
        if let entry = entries.first(where: { $0.symbol.ticker == upper }) { return entry.symbol }
        throw MarketDataError(
            .symbolNotFound,
            "the ticker '\(text)' is not in the symbol book; write it with its exchange, such as NSE:\(upper)",
            suggestions: suggestions(for: upper)
        )
    }

    static func suggestions(for ticker: String) -> [String] {
        let near = entries.filter { $0.symbol.ticker.contains(ticker) || ticker.contains($0.symbol.ticker) }
        return near.map(\.symbol.description) + ["NSE:\(ticker)", "BSE:\(ticker)"]
    }
}
