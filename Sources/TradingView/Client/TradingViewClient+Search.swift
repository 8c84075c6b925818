public import MarketData

extension TradingViewClient: SymbolSearchProvider {
    /// The instruments that match, best first.
    /// - Throws: `MarketDataError`.
    public func search(_ query: SymbolQuery) async throws -> [Instrument] {
        try await symbolSearch.instruments(query)
    }
}
