import MarketData

/// A reader of live quotes.
struct LiveQuotesReader {
    let source: FeedSource<QuoteEvent>
    /// Done when the first connection stands, failed when it cannot be made.
    let opened: Promise<Void>
}
