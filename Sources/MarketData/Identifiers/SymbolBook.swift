/// The names that people write without an exchange, and what they mean.
///
/// A bare ticker that is not in the book is an error with suggestions, never a guess.
public enum SymbolBook {
    /// One name of the book.
    public struct Entry: Sendable {
        /// What the name means.
        public let symbol: Symbol
        /// In plain text.
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

    /// The names that exchanges, vendors and TradingView write for the indices of the book, with or without their
    /// exchange.
    private static let otherNames: [String: [String]] = [
        "NSE:NIFTY": ["NIFTY 50", "NIFTY50", "^NSEI"],
        "NSE:BANKNIFTY": ["NIFTY BANK", "NIFTYBANK", "^NSEBANK"],
        "NSE:FINNIFTY": ["NIFTY FIN SERVICE", "NIFTY FINANCIAL SERVICES", "CNXFINANCE"],
        "NSE:MIDCPNIFTY": ["NIFTY MID SELECT", "NIFTY MIDCAP SELECT", "NIFTY_MID_SELECT"],
        "NSE:NIFTYNXT50": ["NIFTY NEXT 50", "NIFTYJR"],
        "NSE:INDIAVIX": ["INDIA VIX", "^INDIAVIX"],
        "BSE:SENSEX": ["S&P BSE SENSEX", "BSE SENSEX", "^BSESN"],
        "BSE:BANKEX": ["S&P BSE BANKEX", "BSE BANKEX"],
    ]

    private static let indices: [String: Symbol] = {
        var indices: [String: Symbol] = [:]
        for entry in entries {
            for name in otherNames[entry.symbol.description] ?? [] {
                indices[name] = entry.symbol
                indices["\(entry.symbol.exchange):\(name)"] = entry.symbol
            }
        }
        return indices
    }()

    /// The index of the book that another name in upper case means, such as `NSE:NIFTY 50`.
    static func index(named name: String) -> Symbol? { indices[name] }

    /// Reads `EXCHANGE:TICKER` in any spelling that `Symbol` knows, or a bare ticker of the book.
    /// - Throws: `MarketDataError`: `badRequest` for text that is not a symbol, `notSupported` for an expression,
    ///   `symbolNotFound` with suggestions for an unknown bare ticker.
    public static func symbol(_ text: String) throws(MarketDataError) -> Symbol {
        guard text.utf8.count <= Symbol.longest else { return try Symbol(text) }
        let upper = text.uppercased()
        if let entry = entries.first(where: { $0.symbol.ticker == upper }) { return entry.symbol }
        let isBare = !upper.isEmpty && !upper.contains { ":/*+".contains($0) } && index(named: upper) == nil
        guard isBare, !upper.hasSuffix(".NS"), !upper.hasSuffix(".BO"), upper.unicodeScalars.allSatisfy(Symbol.allowed)
        else { return try Symbol(text) }
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
