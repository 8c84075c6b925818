import MarketData

/// What a subscription follows.
enum StreamRequest: Hashable, Sendable {
    case quotes([Symbol])
    case bars(BarRequest)
    case openInterest(OpenInterestRequest)
}
