import Logging
import MarketData
import MarketHub
import MockMarket

/// A hub over one source.
func barsThroughHub() async throws -> BarSeries {
    let market = MockMarket(seed: 7)
    let hub = MarketHub(
        history: [market], openInterest: [market], live: [market], search: [market], logger: Logger(label: "hub"),
        clock: SystemClock.now)
    return try await hub.bars(BarRequest(symbol: Symbol("NSE:NIFTY"), interval: .oneDay, span: .count(5)))
}
