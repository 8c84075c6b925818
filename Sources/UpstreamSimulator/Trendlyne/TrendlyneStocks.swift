import MarketData

/// Which underlying has which number. The numbers of the four indices are the real ones.
enum TrendlyneStocks {
    private static let indices: [(ticker: String, id: Int)] = [
        ("BANKNIFTY", 1898), ("FINNIFTY", 1900), ("NIFTY", 1887),
    ]

    /// NSE's underlyings; the site serves no options of BSE's.
    private static let all: [(symbol: Symbol, id: Int)] = {
        let known = indices.map { (symbol: Symbol(exchange: "NSE", ticker: $0.ticker), id: $0.id) }
        let others = OptionListing.symbols.filter { symbol in
            symbol.exchange == "NSE" && !known.contains { $0.symbol == symbol }
        }
        return known + others.enumerated().map { (symbol: $1, id: 5_000 + $0) }
    }()

    static func symbol(id: String) -> Symbol? {
        Int(id).flatMap { number in all.first { $0.id == number }?.symbol }
    }

    /// The underlyings whose code or name holds the text. The best one need not be first.
    static func search(_ text: String, in market: MarketView) -> JSONText {
        let wanted = text.uppercased()
        var items: [JSONText] = []
        for (symbol, id) in all {
            guard let instrument = market.instrument(named: "\(symbol)") else { continue }
            guard symbol.ticker.contains(wanted) || instrument.description.uppercased().contains(wanted) else {
                continue
            }
            items.append(item(id, symbol.ticker, instrument.description))
        }
        if "BSESENSEX".contains(wanted) { items.append(item(4482, "BSESENSEX", "S&P BSE Sensex Index")) }
        return .object([("data", .list(items))])
    }

    private static func item(_ id: Int, _ code: String, _ name: String) -> JSONText {
        .object([("stock_id", .int(Int64(id))), ("stock_code", .string(code)), ("stock_name", .string(name))])
    }
}
