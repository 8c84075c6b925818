public import MarketData

extension NSEClient: OptionChainProvider {
    /// The chain of one expiry (`nil`: the nearest) with last prices, volumes and the site's own implied volatilities,
    /// as of the site's stamp.
    ///
    /// The site computes a volatility by Black-Scholes on the spot at a rate of 10 %, and has 0 where it has none; such
    /// a zero is `nil` here. It serves no ratios of its own with a chain.
    /// - Throws: `MarketDataError`, as `openInterest`.
    public func optionChain(of symbol: Symbol, expiry: CalendarDate?) async throws -> OptionChain {
        OptionChain(snapshot: try await openInterest(OpenInterestRequest(symbol: symbol, expiry: expiry)))
    }
}
