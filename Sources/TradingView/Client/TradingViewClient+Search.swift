public import MarketData

extension TradingViewClient: SymbolSearchProvider {
    /// The instruments that match, best first.
    /// - Throws: `MarketDataError`.
    public func search(_ query: SymbolQuery) async throws -> [Instrument] {
        try await symbolSearch.instruments(query)
    }

    /// The instruments that match, best first, with a note where the scanner stood in for the symbol search.
    /// - Throws: `MarketDataError`.
    public func matches(_ query: SymbolQuery) async throws -> SymbolMatches { try await symbolSearch.matches(query) }
}
