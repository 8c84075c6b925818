public import MarketData

extension MarketHub: OptionChainProvider {
    /// The chain of one expiry (`nil`: the nearest) with prices as of now, from the first source that can answer.
    /// - Throws: `MarketDataError`.
    public func optionChain(of symbol: Symbol, expiry: CalendarDate?) async throws -> OptionChain {
        try await optionChains.askHedged(
            { try await $0.optionChain(of: symbol, expiry: expiry) }, sourceOf: \.snapshot.provenance.source)
    }
}
