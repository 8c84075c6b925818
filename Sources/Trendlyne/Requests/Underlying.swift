import JSON
import MarketData
import SourceHTTP

/// What Trendlyne knows a symbol by.
struct Underlying: Hashable, Sendable {
    let symbol: Symbol
    /// The spellings under which the code may be listed; the first is the likeliest.
    let codes: [String]

    /// The underlying of a symbol.
    /// - Throws: `MarketDataError` `notSupported` for what has no options at Trendlyne, with the reason.
    init(_ symbol: Symbol) throws(MarketDataError) {
        if let reason = Underlying.reasonAgainst(symbol) {
            throw MarketDataError(
                .notSupported, "Trendlyne has no open interest of \(symbol): \(reason)", source: .trendlyne)
        }
        self.symbol = symbol
        codes = Underlying.spellings(of: symbol.ticker)
    }

    /// An index with a known id; others are found by search.
    var known: TrendlyneStock? {
        codes.first.flatMap { code in Underlying.knownIDs[code].map { TrendlyneStock(id: $0, code: code) } }
    }

    /// The one among these hits that is this underlying: exactly this code, ignoring case. Never the first hit,
    /// since a search for NIFTY lists several indices.
    func match(in stocks: [TrendlyneStock]) -> TrendlyneStock? {
        for code in codes {
            if let stock = stocks.first(where: { $0.code.uppercased() == code }) { return stock }
        }
        return nil
    }

    /// The numbers of the three large indices, which do not move. Wrong ones are in circulation.
    private static let knownIDs = ["NIFTY": 1887, "BANKNIFTY": 1898, "FINNIFTY": 1900]

    private static let withoutOptions: Set<String> = ["INDIAVIX", "GIFTNIFTY", "NIFTYGS10YR"]

    private static func reasonAgainst(_ symbol: Symbol) -> String? {
        if symbol.exchange == "BSE" {
            return
                "it serves the options of NSE only (it knows \(symbol.ticker) at most as an index without expiries)"
        }
        guard symbol.exchange == "NSE" else { return "it serves the options of NSE only" }
        if symbol.ticker.contains("!") { return "this is a future; use its underlying" }
        if withoutOptions.contains(symbol.ticker) { return "no options are traded on it" }
        return nil
    }

    /// Symbols of charts cannot hold `&` and `-` and have `_` instead: `M_M` is M&M, `BAJAJ_AUTO` is BAJAJ-AUTO.
    private static func spellings(of ticker: String) -> [String] {
        guard ticker.contains("_") else { return [ticker] }
        return ["&", "-", "_"].map { mark in ticker.split(separator: "_").joined(separator: mark) }
    }
}

extension TrendlyneStock {
    /// Reads the hits of `search-contract-stock`, `body.data: [{stock_id, stock_code}]`; early clients saw the keys
    /// `stockId` and `symbol`.
    ///
    /// A hit without id or code is skipped: the search lists things that are not underlyings.
    static func list(_ body: JSONFields) throws(UnreadableField) -> [TrendlyneStock] {
        guard let items = try body.list("data") else {
            if body.isEmpty { return [] }
            throw UnreadableField(body.path(of: "data"), "expected a list of stocks, found nothing")
        }
        return items.compactMap { item in
            guard case .object(let fields) = item else { return nil }
            let stock = JSONFields(fields, path: "body.data")
            guard let id = stock.text("stock_id", "stockId").flatMap(Int.init), id > 0,
                let code = stock.text("stock_code", "stockCode", "symbol")
            else { return nil }
            return TrendlyneStock(id: id, code: code)
        }
    }
}
