public import MarketData

extension MockMarket {
    /// The quotes of some symbols, at once and then whenever they have changed, at the market's pace.
    /// - Throws: `MarketDataError`: `badRequest` without symbols, `symbolNotFound` where none is known.
    public func liveQuotes(of symbols: [Symbol]) async throws -> Feed<QuoteEvent> {
        throw MarketDataError(.notSupported, "soon", source: .mock)
    }

    /// The bars of a series: a snapshot, then the forming bar as it changes and each one that ends.
    /// - Throws: `MarketDataError`: as `bars(_:)`.
    public func liveBars(_ request: BarRequest) async throws -> Feed<BarEvent> {
        throw MarketDataError(.notSupported, "soon", source: .mock)
    }
}
