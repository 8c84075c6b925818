import MarketData

/// Continuous futures that are not searched for but can be asked for: `NIFTY2!`, `NIFTY3!`, `RELIANCE1!` and so on.
enum FuturesListings {
    private static let ranks = 1...3

    /// The future of a symbol; `nil` where the underlying has no options and so, here, no futures.
    static func listing(_ symbol: Symbol, in universe: Universe) -> Listing? {
        guard symbol.exchange == "NSE", symbol.ticker.hasSuffix("!"),
            let rank = symbol.ticker.dropLast().last.flatMap({ Int(String($0)) }), ranks.contains(rank)
        else { return nil }
        let root = String(symbol.ticker.dropLast(2))
        let underlying = Symbol(exchange: symbol.exchange, ticker: root)
        guard let options = OptionListing.of(underlying) else { return nil }
        if let front = universe.known(Symbol(exchange: symbol.exchange, ticker: "\(root)1!")) {
            return front.future(symbol, FuturesContract(options: options, rank: rank, isCarried: false))
        }
        let spot = universe.known(underlying)
        return spot?.future(symbol, FuturesContract(options: options, rank: rank, isCarried: true))
    }
}

extension Listing {
    fileprivate func future(_ symbol: Symbol, _ contract: FuturesContract) -> Listing {
        let lot = Int64(contract.options.lotSize(expiring: MockMarket.historyBegins))
        return Listing(
            symbol: symbol, description: "\(description) Futures", type: "futures", currency: currency,
            country: country, level: level, dailyVolatility: dailyVolatility, growth: growth,
            dailyVolume: dailyVolume.map { max(1, $0 / (4 * Int64(contract.rank))) },
            openInterest: (openInterest ?? 20_000 * lot) / Int64(contract.rank), path: path, segment: .derivatives,
            contract: contract
        )
    }
}
