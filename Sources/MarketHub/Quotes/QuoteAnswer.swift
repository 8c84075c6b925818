public import MarketData

/// Quotes as of one moment, and why some are missing.
public struct QuoteAnswer: Sendable {
    /// Why one instrument has no quote.
    public struct Failure: Hashable, Sendable {
        /// The instrument.
        public let symbol: Symbol
        /// Why.
        public let error: MarketDataError
    }

    /// The quotes that came, in the order in which they were asked for.
    public let quotes: [Quote]
    /// The instruments without one, in the same order.
    public let failures: [Failure]
    /// The sources that were away while it was asked, and why.
    public let outages: [SourceStatus]
}
