public import MarketData

extension MarketHub {
    /// The longest that an error waits for the symbols that may have been meant.
    private static let patience: Duration = .milliseconds(1500)
    private static let most = 5

    /// The error about a bare ticker that the symbol book does not know, with the symbols that the search finds by it.
    ///
    /// If the search fails, takes too long or finds nothing similar, the error is unchanged.
    public func proposing(_ error: MarketDataError, for ticker: String) async -> MarketDataError {
        guard let found = await candidates(for: ticker.uppercased()), let first = found.first else { return error }
        return MarketDataError(
            error.code,
            "the ticker '\(ticker)' is not in the symbol book; write it with its exchange, such as \(first)",
            source: error.source, recovery: error.recovery, suggestions: found.map(\.description))
    }

    private func candidates(for ticker: String) async -> [Symbol]? {
        await withTaskGroup(of: [Symbol]?.self) { group in
            group.addTask { try? await self.search(likely: ticker) }
            group.addTask {
                try? await Task.sleep(for: MarketHub.patience)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    /// Those of that very ticker first, then those that hold it; else those that begin as it does.
    private func search(likely ticker: String) async throws -> [Symbol] {
        let found = try await search(SymbolQuery(text: ticker, limit: 30)).map(\.symbol)
        let exact = found.filter { $0.ticker == ticker }
        if !found.isEmpty { return Array((exact + found.filter { $0.ticker != ticker }).prefix(MarketHub.most)) }
        for length in [ticker.count - 1, (ticker.count + 1) / 2, 3] where length > 2 {
            let beginning = String(ticker.prefix(length))
            let near = try await search(SymbolQuery(text: beginning, limit: 30)).map(\.symbol)
            let likely = near.filter { $0.ticker.hasPrefix(beginning) }
            if !likely.isEmpty { return Array(likely.prefix(MarketHub.most)) }
        }
        return []
    }
}
