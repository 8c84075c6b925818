import MarketData
import NSE
import Trendlyne

/// The put-call ratio by Trendlyne.
func printRatioFromTrendlyne() async throws {
    let client = TrendlyneClient()
    let snapshot = try await client.openInterest(OpenInterestRequest(symbol: Symbol("NSE:NIFTY")))
    let ratio = snapshot.putCallRatio(by: .openInterest)
    print(ratio.value ?? .nan, ratio.reason ?? "", snapshot.provenance.asOf.date)
}

/// The implied volatilities of a chain from NSE's site.
func printVolatilitiesFromNSE() async throws {
    let client = NSEClient()
    let chain = try await client.optionChain(of: Symbol("NSE:NIFTY"), expiry: nil)
    let analysis = ChainAnalysis(chain.snapshot, rate: 0.065)
    for row in analysis.greeks.value?.strikes ?? [] {
        print(row.strike, row.call.value?.impliedVolatility ?? .nan, row.put.value?.impliedVolatility ?? .nan)
    }
}
