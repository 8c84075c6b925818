import MarketData

/// Futures that are not searched for but can be asked for: continuous ones such as `NIFTY2!` and `RELIANCE1!`, and those of
/// one month such as `NIFTYX2026`.
enum FuturesListings {
    private static let ranks = 1...3

    /// The future of a symbol; `nil` where the underlying has no options and so, here, no futures.
    static func listing(_ symbol: Symbol, in universe: Universe) -> Listing? {
        guard symbol.exchange == "NSE" else { return nil }
        return continuous(symbol, in: universe) ?? dated(symbol, in: universe)
    }

    private static func dated(_ symbol: Symbol, in universe: Universe) -> Listing? {
        guard let month = FuturesMonth(code: symbol.ticker.suffix(5)),
            let options = OptionListing.of(Symbol(exchange: "NSE", ticker: String(symbol.ticker.dropLast(5))))
        else { return nil }
        return listing(symbol, options, rank: 1, expiry: month.expiry(options), in: universe)
    }

    private static func continuous(_ symbol: Symbol, in universe: Universe) -> Listing? {
        guard symbol.ticker.hasSuffix("!"),
            let rank = symbol.ticker.dropLast().last.flatMap({ Int(String($0)) }), ranks.contains(rank)
        else { return nil }
        let root = String(symbol.ticker.dropLast(2))
        let underlying = Symbol(exchange: symbol.exchange, ticker: root)
        guard let options = OptionListing.of(underlying) else { return nil }
        return listing(symbol, options, rank: rank, expiry: nil, in: universe)
    }

    private static func listing(
        _ symbol: Symbol, _ options: OptionListing, rank: Int, expiry: CalendarDate?, in universe: Universe
    ) -> Listing? {
        let front = universe.known(Symbol(exchange: "NSE", ticker: "\(options.symbol.ticker)1!"))
        let contract = FuturesContract(options: options, rank: rank, isCarried: front == nil, dated: expiry)
        return (front ?? universe.known(options.symbol))?.future(symbol, contract)
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
