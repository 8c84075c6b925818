public import MarketData

extension MarketHub {
    /// The quotes of some instruments. What is already known of them comes at once; an instrument without quotes is
    /// refused within the feed, and the others go on.
    /// - Throws: `MarketDataError`: `badRequest` without symbols. Failures of the source end the feed.
    public func liveQuotes(of symbols: [Symbol]) async throws -> Feed<QuoteEvent> {
        guard !symbols.isEmpty else { throw MarketDataError.badRequest("a feed of quotes needs at least one symbol") }
        return quotes.feed(of: symbols)
    }

    /// The bars of a series, beginning with a snapshot of as many as the request counts.
    /// - Throws: `MarketDataError`: `badRequest` for a request that names a range. Failures of the source end the feed.
    public func liveBars(_ request: BarRequest) async throws -> Feed<BarEvent> {
        try request.validate()
        guard case .count(let count) = request.span else {
            throw MarketDataError.badRequest("a live feed of bars takes a count of bars, not a range")
        }
        return liveBars.feed(of: request, count: count)
    }

    /// The quotes of some instruments as of now. One that is unknown fails at once and does not hold up the others.
    /// - Parameters:
    ///   - symbols: Whose quotes; repeated ones are asked once.
    ///   - limit: After which those that have not come are failures with code `upstreamTimeout`.
    ///     Those whose source is away after it was there fail at once, with code `upstreamUnavailable`.
    public func quotes(of symbols: [Symbol], within limit: Duration = .seconds(10)) async -> QuoteAnswer {
        var collector = QuoteCollector(symbols: symbols)
        guard !collector.isComplete else { return collector.answer(orElse: .tooSlow(limit)) }
        let (feed, outages) = quotes.open(collector.symbols)
        for (symbol, status) in outages { collector.fail(symbol, disconnected: status) }
        guard !collector.isComplete else { return collector.answer(orElse: .tooSlow(limit)) }
        return await withTaskGroup(of: QuoteAnswer?.self) { group in
            group.addTask { [collector] in await collector.collecting(from: feed, limit: limit) }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            while let answer = await group.next() {
                group.cancelAll()
                if let answer { return answer }
            }
            collector.fail(.tooSlow(limit))
            return collector.answer(orElse: .tooSlow(limit))
        }
    }
}
