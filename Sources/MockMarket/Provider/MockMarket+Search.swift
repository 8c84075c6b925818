public import MarketData

extension MockMarket: SymbolSearchProvider {
    /// The instruments whose ticker or description holds the text; tickers that equal it or begin with it come first.
    public func search(_ query: SymbolQuery) async throws -> [Instrument] {
        let text = query.text.uppercased()
        let ranked = universe.listings.enumerated().compactMap { place, listing -> (rank: Int, place: Int)? in
            guard query.type.map({ $0.lowercased() == listing.type }) ?? true,
                query.exchange.map({ $0.uppercased() == listing.symbol.exchange }) ?? true,
                let rank = rank(of: listing, for: text)
            else { return nil }
            return (rank, place)
        }
        return try ranked.sorted { $0 < $1 }.prefix(max(0, query.limit)).map {
            try instrument(universe.listings[$0.place].symbol)
        }
    }

    private func rank(of listing: Listing, for text: String) -> Int? {
        let ticker = listing.symbol.ticker
        if ticker == text || listing.symbol.description == text { return 0 }
        if ticker.hasPrefix(text) { return 1 }
        let description = listing.description.uppercased()
        if description.split(separator: " ").contains(where: { $0.hasPrefix(text) }) { return 2 }
        return text.isEmpty || ticker.contains(text) || description.contains(text) ? 3 : nil
    }
}
