import MarketData

/// The names of the page that came before: bare tickers, and `INDIA VIX` with its space.
enum OriginalName {
    /// The instrument that a name stands for.
    /// - Throws: `MarketDataError`.
    static func symbol(_ name: String) throws(MarketDataError) -> Symbol {
        try SymbolBook.symbol(name.filter { $0 != " " })
    }
}
