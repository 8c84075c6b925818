import MarketData

/// A symbol that was asked for while a recording plays.
struct AwaitedRecordedSymbol: Sendable {
    let name: String
    let since: Timestamp
}
