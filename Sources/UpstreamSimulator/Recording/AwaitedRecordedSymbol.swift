import MarketData

/// A symbol that was asked for while a recording plays.
struct AwaitedRecordedSymbol: Sendable {
    /// The client's name for it.
    let name: String
    /// What was asked for, such as `NASDAQ:AAPL`.
    let symbol: String
    let since: Timestamp
}
