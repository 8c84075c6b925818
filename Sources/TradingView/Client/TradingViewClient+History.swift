public import MarketData
import WebSocketTransport

extension TradingViewClient: BarHistoryProvider {
    /// The bars asked for; fewer only with `shortfall` saying why.
    /// - Throws: `MarketDataError`.
    public func bars(_ request: BarRequest) async throws -> BarSeries {
        let question = try SeriesQuestion(request, pageSize: configuration.pageSize)
        let (id, answer) = await upstream.ask(question)
        do {
            let series = try await upstream.value(of: answer) { await $0.patience(id) }
            await upstream.abandon(id)
            return series
        } catch {
            await upstream.abandon(id)
            throw await withSuggestions(error, symbol: request.symbol)
        }
    }

    /// Adds what the symbol search finds to an error about an unknown symbol, where it answers soon enough,
    /// and a free feed of the same pair to one about a feed that is silent.
    func withSuggestions(_ error: any Error, symbol: Symbol) async -> any Error {
        if let silent = error as? SilentFeed {
            var found: [Instrument] = []
            if silent.isPair, silent.twins.isEmpty {
                let query = SymbolQuery(text: symbol.ticker, limit: 30)
                found = await search(query, within: configuration.deadlines) ?? []
            }
            return silent.proposing(found, insteadOf: symbol)
        }
        guard let failure = error as? MarketDataError, failure.code == .symbolNotFound, failure.suggestions.isEmpty
        else { return error }
        let found = await likely(symbol)
        return MarketDataError(
            failure.code, failure.message, source: failure.source, recovery: failure.recovery,
            suggestions: found.map(\.symbol.description))
    }

    /// What bears the ticker, or where nothing does, what begins as it does: the last letter is the likeliest to be wrong.
    private func likely(_ symbol: Symbol) async -> [Instrument] {
        let ticker = symbol.ticker
        for length in [ticker.count, ticker.count - 1, (ticker.count + 1) / 2, 3] where length > 2 {
            let isWhole = length == ticker.count
            let beginning = String(ticker.prefix(length))
            let query = SymbolQuery(text: beginning, limit: isWhole ? 5 : 30)
            guard let found = await search(query, within: configuration.deadlines) else { break }
            let likely = isWhole ? found : found.filter { $0.symbol.ticker.hasPrefix(beginning) }
            if !likely.isEmpty { return Array(likely.prefix(5)) }
        }
        return []
    }

    /// What a search finds soon enough; `nil` where it fails.
    private func search(_ query: SymbolQuery, within deadlines: TradingViewDeadlines) async -> [Instrument]? {
        var search = symbolSearch
        search.reader.deadline = deadlines.suggestions
        return try? await search.instruments(query)
    }
}

extension Upstream {
    /// Waits for a promise while its deadlines are watched.
    /// - Parameter patience: How long until the next deadline; `nil` once there is nothing more to watch.
    nonisolated func value<Value: Sendable>(
        of promise: Promise<Value>, patience: @escaping @Sendable (Upstream) async -> Duration?
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await promise.value() }
            group.addTask {
                // Deadlines move nearer as well, as when the connection comes: they are looked at often.
                while let wait = await patience(self) {
                    try await Task.sleep(for: min(max(wait, .milliseconds(1)), .milliseconds(250)))
                }
                return nil
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }
}
