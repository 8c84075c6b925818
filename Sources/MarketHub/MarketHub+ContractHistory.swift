public import MarketData

extension MarketHub: ContractHistoryProvider {
    /// Price and open interest of one contract through the newest session, from the first source that can answer.
    /// - Throws: `MarketDataError`.
    public func contractHistory(_ request: ContractHistoryRequest) async throws -> ContractHistory {
        try await contractHistories.ask(
            { try await $0.contractHistory(request) }, sourceOf: \.provenance.source)
    }
}
