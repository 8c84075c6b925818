/// A source of option chains with prices, without which neither implied volatility nor greeks can be computed.
public protocol OptionChainProvider: Sendable {
    /// The chain of one expiry (`nil`: the nearest) as of now.
    /// - Throws: `MarketDataError`; `expiryNotListed` for an expiry that the source does not serve.
    func optionChain(of symbol: Symbol, expiry: CalendarDate?) async throws -> OptionChain
}
