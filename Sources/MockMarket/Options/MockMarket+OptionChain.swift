public import MarketData

extension MockMarket: OptionChainProvider {
    /// The chain of one expiry (`nil`: the nearest) as of now, with last prices, volumes and the volatilities by which
    /// the market is made; every figure is simulated.
    /// - Throws: `MarketDataError`, as `openInterest`.
    public func optionChain(of symbol: Symbol, expiry: CalendarDate?) async throws -> MarketData.OptionChain {
        MarketData.OptionChain(snapshot: try openInterest(of: symbol, expiry: expiry, at: clock()))
    }
}
