import MarketData

/// One reader of quotes, and what it has been told of the sources.
struct QuoteReader {
    let source: FeedSource<QuoteEvent>
    private var told: [Provenance.Source: SourceStatus] = [:]
    /// The failures that it was told of, of instruments that are tried again.
    private var failures: [Symbol: MarketDataError.Code] = [:]

    init(source: FeedSource<QuoteEvent>) { self.source = source }

    /// Passes a quote on; its instrument is well again.
    mutating func tell(_ event: QuoteEvent, of symbol: Symbol) {
        failures[symbol] = nil
        source.send(event)
    }

    /// Passes a failure that is tried again on, once until its instrument is well.
    mutating func tell(_ failure: MarketDataError, of symbol: Symbol) {
        guard failures.updateValue(failure.code, forKey: symbol) != failure.code else { return }
        source.send(.refused(symbol, failure))
    }

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
