import MarketData
import MockMarket

/// Bars of the mock market.
func mockBars() async throws -> BarSeries {
    let market = MockMarket(seed: 7)
    let request = BarRequest(symbol: try Symbol("NSE:NIFTY"), interval: .fiveMinutes, span: .count(20))
    let series = try await market.bars(request)
    if series.completeness != true { print("incomplete:", series.shortfall?.rawValue ?? "unknown", series.gaps) }
    return series
}

/// The first live quote of the mock market.
func firstMockQuote() async throws -> Quote? {
    let market = MockMarket(seed: 7)
    for try await event in try await market.liveQuotes(of: [Symbol("NSE:NIFTY")]) {
        if case .quote(let quote) = event { return quote }
    }
    return nil
}

/// Hourly bars built from bars of five minutes.
func hourlyBars(from series: BarSeries) throws -> [Bar] {
    let resampler = try BarResampler(from: .fiveMinutes, to: .oneHour, calendar: .continuous())
    return try resampler.resample(series.bars, asOf: series.provenance.asOf).bars
}

/// What a snapshot of open interest says.
func openInterestReport() async throws -> [String] {
    let market = MockMarket(seed: 7)
    let snapshot = try await market.openInterest(OpenInterestRequest(symbol: Symbol("NSE:NIFTY")))
    let ratio = snapshot.putCallRatio(by: .openInterest)
    return [
        "PCR \(ratio.value.map { "\($0)" } ?? ratio.reason ?? "unknown")",
        "max pain \(snapshot.maxPain.map { "\($0)" } ?? "unknown")",
        "\(snapshot.strikes.count) strikes in \(snapshot.unit), \(snapshot.provenance.mode)",
    ]
}
