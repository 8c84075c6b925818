import MarketData

/// The hub's sources of past bars as one: asked in order of trust.
struct TrustedHistory: BarHistoryProvider {
    let order: TrustOrder<any BarHistoryProvider>

    func bars(_ request: BarRequest) async throws -> BarSeries {
        try await order.ask({ try await $0.bars(request) }, sourceOf: \.provenance.source)
    }
}
