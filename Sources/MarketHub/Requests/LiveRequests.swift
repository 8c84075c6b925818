public import MarketData
import MarketHistory

extension MarketHub {
    /// The quotes of some instruments. Known values come first; an instrument without quotes is
    /// refused within the feed, and the others go on.
    /// - Throws: `MarketDataError`: `badRequest` without symbols. Failures of the source end the feed.
    public func liveQuotes(of symbols: [Symbol]) async throws -> Feed<QuoteEvent> {
        guard !symbols.isEmpty else { throw MarketDataError.badRequest("a feed of quotes needs at least one symbol") }
        return quotes.feed(of: symbols)
    }

    /// The bars of a series, beginning with a snapshot of as many as the request counts.
    /// - Throws: `MarketDataError`: `badRequest` for a request that names a range. Failures of the source end the feed.
    public func liveBars(_ request: BarRequest) async throws -> Feed<BarEvent> {
        liveBars.feed(of: request, count: try liveCount(request))
    }

    /// Calls a handler for each event of an instrument's quotes, starting with the current state.
    package func followQuotes(of symbol: Symbol, _ handler: LiveHandler<QuoteEvent>) -> LiveSubscription {
        quotes.follow([symbol], handler)
    }

    /// Calls a handler for each event of a series, beginning with its opening.
    /// - Throws: `MarketDataError`: `badRequest` for a request that names a range.
    package func followBars(
        _ request: BarRequest, _ handler: LiveHandler<BarEvent>
    ) throws(MarketDataError) -> LiveBarSubscription {
        liveBars.follow(request, count: try liveCount(request), handler)
    }

    private func liveCount(_ request: BarRequest) throws(MarketDataError) -> Int {
        try request.validate()
        guard case .count(let count) = request.span else {
            throw .badRequest("a live feed of bars takes a count of bars, not a range")
        }
        return count
    }

    /// The quotes of some instruments as of now. One that is unknown fails at once and does not hold up the others.
    /// - Parameters:
    ///   - symbols: The instruments; repeated ones count once.
    ///   - limit: After which those that have not come are failures with code `upstreamTimeout`.
    ///     Those whose source was connected and is now unavailable fail at once, with code `upstreamUnavailable`.
    public func quotes(of symbols: [Symbol], within limit: Duration = .seconds(10)) async -> QuoteResult {
        var collector = QuoteCollector(symbols: symbols)
        guard !collector.isComplete else { return collector.result(orElse: .tooSlow(limit)) }
        let (feed, outages) = quotes.open(collector.symbols)
        for (symbol, status) in outages { collector.fail(symbol, disconnected: status) }
        guard !collector.isComplete else { return collector.result(orElse: .tooSlow(limit)) }
        return await withTaskGroup(of: QuoteResult?.self) { group in
            group.addTask { [collector] in await collector.collecting(from: feed, limit: limit) }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            while let result = await group.next() {
                group.cancelAll()
                if let result { return result }
            }
            collector.fail(.tooSlow(limit))
            return collector.result(orElse: .tooSlow(limit))
        }
    }
}

/// Quotes as of one moment, and why some are missing.
public struct QuoteResult: Sendable {
    /// Why one instrument has no quote.
    public struct Failure: Hashable, Sendable {
        /// The instrument.
        public let symbol: Symbol
        /// Why.
        public let error: MarketDataError
    }

    /// The received quotes, in the order of the request.
    public let quotes: [Quote]
    /// The instruments without one, in the same order.
    public let failures: [Failure]
    /// The sources that were unavailable, and why.
    public let outages: [SourceStatus]

    package init(quotes: [Quote], failures: [Failure], outages: [SourceStatus]) {
        self.quotes = quotes
        self.failures = failures
        self.outages = outages
    }
}

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

    /// The source of an instrument is unavailable; its earlier values are not reported as live.
    mutating func fail(_ symbol: Symbol, disconnected status: SourceStatus) {
        failures[symbol] = .disconnected(status)
        outages[status.source] = status
    }

    /// An unavailable source is the reason for missing quotes; it may still come back in time.
    private mutating func note(_ status: SourceStatus) {
        let isDown = status.state != .connected && (status.state == .down || status.reason != nil)
        outages[status.source] = isDown ? status : nil
    }

    /// Everything that is still missing is missing for this reason.
    mutating func fail(_ error: MarketDataError) {
        for symbol in symbols where quotes[symbol] == nil && failures[symbol] == nil { failures[symbol] = error }
    }

    /// The received quotes; the others are missing for the given reason.
    func result(orElse error: MarketDataError) -> QuoteResult {
        var complete = self
        let away = outages.values.sorted { $0.source.rawValue < $1.source.rawValue }
        complete.fail(away.first.map { .disconnected($0) } ?? error)
        return QuoteResult(
            quotes: symbols.compactMap { complete.quotes[$0] },
            failures: symbols.compactMap { symbol in
                guard complete.quotes[symbol] == nil else { return nil }
                return complete.failures[symbol].map { QuoteResult.Failure(symbol: symbol, error: $0) }
            },
            outages: away
        )
    }

    /// Reads the feed until nothing more need be waited for, or the task is cancelled.
    func collecting(from feed: Feed<QuoteEvent>, limit: Duration) async -> QuoteResult {
        var collector = self
        do {
            for try await event in feed {
                collector.received(event)
                if collector.isComplete { break }
            }
        } catch {
            collector.fail(MarketDataError(wrapping: error))
        }
        return collector.result(orElse: .tooSlow(limit))
    }
}
