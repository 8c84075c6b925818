import MarketData
import MarketHistory

/// Gathers one quote with a last price for each of some instruments.
struct QuoteCollector {
    let symbols: [Symbol]
    private var quotes: [Symbol: Quote] = [:]
    private var failures: [Symbol: MarketDataError] = [:]
    private var outages: [Provenance.Source: SourceStatus] = [:]

    init(symbols: [Symbol]) {
        var seen: Set<Symbol> = []
        self.symbols = symbols.filter { seen.insert($0).inserted }
    }

    /// Whether nothing more need be waited for. A quote without a last price is kept, and waited on.
    var isComplete: Bool {
        symbols.allSatisfy { failures[$0] != nil || quotes[$0]?.last != nil }
    }

    mutating func received(_ event: QuoteEvent) {
        switch event {
        case .quote(let quote): quotes[quote.symbol] = quote
        case .refused(let symbol, let error): failures[symbol] = error
        case .status(let status): note(status)
        }
    }

    /// The source of an instrument is away; what it said before is not told as live.
    mutating func fail(_ symbol: Symbol, disconnected status: SourceStatus) {
        failures[symbol] = .disconnected(status)
        outages[status.source] = status
    }

    /// A source that is away is the reason for what does not come; one may still come back in time.
    private mutating func note(_ status: SourceStatus) {
        let isAway = status.state != .connected && (status.state == .down || status.reason != nil)
        outages[status.source] = isAway ? status : nil
    }

    /// Everything that is still missing is missing for this reason.
    mutating func fail(_ error: MarketDataError) {
        for symbol in symbols where quotes[symbol] == nil && failures[symbol] == nil { failures[symbol] = error }
    }

    /// What came; what did not is missing for the reason given.
    func answer(orElse error: MarketDataError) -> QuoteAnswer {
        var complete = self
        let away = outages.values.sorted { $0.source.rawValue < $1.source.rawValue }
        complete.fail(away.first.map { .disconnected($0) } ?? error)
        return QuoteAnswer(
            quotes: symbols.compactMap { complete.quotes[$0] },
            failures: symbols.compactMap { symbol in
                guard complete.quotes[symbol] == nil else { return nil }
                return complete.failures[symbol].map { QuoteAnswer.Failure(symbol: symbol, error: $0) }
            },
            outages: away
        )
    }

    /// Reads the feed until nothing more need be waited for, or the task is cancelled.
    func collecting(from feed: Feed<QuoteEvent>, limit: Duration) async -> QuoteAnswer {
        var collector = self
        do {
            for try await event in feed {
                collector.received(event)
                if collector.isComplete { break }
            }
        } catch {
            collector.fail(MarketDataError(wrapping: error))
        }
        return collector.answer(orElse: .tooSlow(limit))
    }
}
