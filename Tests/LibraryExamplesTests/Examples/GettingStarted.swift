import MarketData
import TradingView

/// The ten-line program of the README.
func printNiftyFromTradingView() async throws {
    let client = TradingViewClient()
    let connection = Task { try await client.run() }
    let symbol = try Symbol("NSE:NIFTY")
    let series = try await client.bars(BarRequest(symbol: symbol, interval: .fiveMinutes, span: .count(10)))
    for bar in series.bars { print(bar.time.date, bar.open, bar.high, bar.low, bar.close, bar.isFinal) }
    connection.cancel()
}

/// Live quotes of the TradingView catalogue.
func printLiveQuotesFromTradingView() async throws {
    let client = TradingViewClient()
    let connection = Task { try await client.run() }
    defer { connection.cancel() }
    for try await event in try await client.liveQuotes(of: [Symbol("NSE:NIFTY"), Symbol("NSE:RELIANCE")]) {
        switch event {
        case .quote(let quote): print(quote.symbol, quote.last ?? .nan, quote.provenance.mode)
        case .refused(let symbol, let error): print(symbol, error.message)
        case .status(let status): print(status.source, status.state)
        }
    }
}
