import MarketData

/// A source that fails in one way, or never responds.
struct FailingSource: DataProvider, SymbolSearchProvider {
    /// How it fails; `nil`: it never responds.
    let error: MarketDataError?

    func bars(_ request: BarRequest) async throws -> BarSeries { try await fail() }
    func expiries(of symbol: Symbol) async throws -> ExpiryList { try await fail() }
    func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot { try await fail() }
    func search(_ query: SymbolQuery) async throws -> [Instrument] { try await fail() }
    func liveQuotes(of symbols: [Symbol]) async throws -> Feed<QuoteEvent> { try await fail() }
    func liveBars(_ request: BarRequest) async throws -> Feed<BarEvent> { try await fail() }

    func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        try await fail()
    }

    private func fail<ServerResponse>() async throws -> ServerResponse {
        if let error { throw error }
        try await Task.sleep(for: .seconds(3600))
        throw CancellationError()
    }
}
