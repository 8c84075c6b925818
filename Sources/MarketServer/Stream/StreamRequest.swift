import MarketData

/// What a subscription follows.
enum StreamRequest: Hashable, Sendable {
    case quotes(SymbolList)
    case bars(BarRequest)
    case openInterest(OpenInterestRequest)
}
