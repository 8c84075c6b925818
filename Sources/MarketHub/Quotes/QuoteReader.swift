import MarketData

/// One reader of quotes, and what it has been told of the sources.
struct QuoteReader {
    let source: FeedSource<QuoteEvent>
    private var told: [Provenance.Source: SourceStatus] = [:]

    init(source: FeedSource<QuoteEvent>) { self.source = source }

    /// Passes a status on, once, though each of the reader's instruments brings it.
    mutating func tell(_ status: SourceStatus) {
        let isNews =
            told[status.source].map {
                ($0.state, $0.reason, $0.reconnects) != (status.state, status.reason, status.reconnects)
            }
        guard isNews ?? true else { return }
        told[status.source] = status
        source.send(.status(status))
    }
}
