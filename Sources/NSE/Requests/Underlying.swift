import MarketData

/// What NSE's site knows a symbol by.
struct Underlying: Hashable, Sendable {
    let symbol: Symbol
    /// The spellings under which the code may be listed; the first is the likeliest.
    let codes: [String]

    /// The underlying of a symbol.
    /// - Throws: `MarketDataError` `notSupported` for what has no options at NSE, with the reason.
    init(_ symbol: Symbol) throws(MarketDataError) {
        if let reason = Underlying.reasonAgainst(symbol) {
            throw MarketDataError(.notSupported, "NSE has no open interest of \(symbol): \(reason)", source: .nse)
        }
        self.symbol = symbol
        codes = Underlying.spellings(of: symbol.ticker)
    }

    /// Whether a code is that of an index: the older generations keep indices and shares apart.
    static func isIndex(_ code: String) -> Bool { indices.contains(code) }

    private static let indices: Set<String> = ["NIFTY", "BANKNIFTY", "FINNIFTY", "MIDCPNIFTY", "NIFTYNXT50"]
    private static let withoutOptions: Set<String> = ["INDIAVIX", "GIFTNIFTY", "NIFTYGS10YR"]

    private static func reasonAgainst(_ symbol: Symbol) -> String? {
        guard symbol.exchange == "NSE" else { return "it is not traded there" }
        if symbol.ticker.contains("!") { return "this is a future; ask for its underlying" }
        if withoutOptions.contains(symbol.ticker) { return "no options are traded on it" }
        return nil
    }

    /// Symbols of charts cannot hold `&` and `-` and have `_` instead: `M_M` is M&M, `BAJAJ_AUTO` is BAJAJ-AUTO.
    private static func spellings(of ticker: String) -> [String] {
        guard ticker.contains("_") else { return [ticker] }
        return ["&", "-"].map { mark in ticker.split(separator: "_").joined(separator: mark) }
    }
}
