public import MarketData
import WebSocketTransport

extension TradingViewClient: LiveFeedProvider {
    /// The quotes of some instruments, beginning with the figures of now.
    /// - Throws: `MarketDataError`, when the connection cannot be made; after that the feed outlives connections.
    public func liveQuotes(of symbols: [Symbol]) async throws -> Feed<QuoteEvent> {
        guard !symbols.isEmpty else { throw MarketDataError.badRequest("no symbols are given to quote") }
        let connection = await upstream.connection()
        try await wait(for: connection, stage: "connecting")
        let (feed, source) = Feed<QuoteEvent>.ofQuotes(capacity: max(4096, symbols.count * 2))
        let upstream = upstream
        var seen: Set<Symbol> = []
        let id = await upstream.subscribe(symbols.filter { seen.insert($0).inserted }, source: source)
        // Letting go happens anywhere, outside any task.
        source.onAbandoned { Task { await upstream.unsubscribe(id) } }
        return feed
    }

    /// The bars of a series, beginning with a snapshot of as many as the request counts.
    /// - Throws: `MarketDataError`, also where the first snapshot cannot be had.
    public func liveBars(_ request: BarRequest) async throws -> Feed<BarEvent> {
        let question = try SeriesQuestion(request, pageSize: configuration.pageSize)
        let (feed, source) = Feed<BarEvent>.ofBars()
        let upstream = upstream
        let (id, ready) = await upstream.subscribe(question, source: source)
        do {
            try await wait(for: ready, stage: "the first bars of \(request.symbol)")
        } catch {
            await upstream.unsubscribeBars(id)
            throw await withSuggestions(error, symbol: request.symbol)
        }
        // Letting go happens anywhere, outside any task.
        source.onAbandoned { Task { await upstream.unsubscribeBars(id) } }
        return feed
    }

    private func wait(for promise: Promise<Void>, stage: String) async throws {
        let limit = configuration.deadlines.connect + configuration.deadlines.progress
        try await upstream.value(of: promise) { _ in
            guard (try? await Task.sleep(for: limit)) != nil else { return nil }
            promise.complete(
                .failure(
                    MarketDataError(
                        .upstreamTimeout, "TradingView did not answer within \(limit.inSeconds) s; stuck at: \(stage)",
                        source: .tradingview)))
            return nil
        }
    }
}
