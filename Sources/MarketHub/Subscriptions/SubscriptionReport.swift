public import MarketData

/// One live subscription that is open upstream, however many readers share it.
public struct SubscriptionReport: Hashable, Sendable {
    /// `quotes` or `bars`.
    public let channel: String
    /// The instrument.
    public let symbol: Symbol
    /// The length of a bar; `nil` for quotes.
    public let interval: Interval?
    /// How many read it.
    public let readers: Int
    /// When the last datum came; `nil` before the first.
    public let lastData: Timestamp?
    /// How it is doing.
    public let condition: SubscriptionCondition
}
