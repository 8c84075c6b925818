/// A source that tells what happens as it happens. Letting go of a feed ends its subscription.
public protocol LiveFeedProvider: Sendable {
    /// The quotes of some instruments, beginning with the figures of now.
    /// - Throws: `MarketDataError`.
    func liveQuotes(of symbols: [Symbol]) async throws -> Feed<QuoteEvent>

    /// The bars of a series, beginning with a snapshot of as many as the request counts.
    /// - Throws: `MarketDataError`.
    func liveBars(_ request: BarRequest) async throws -> Feed<BarEvent>
}
