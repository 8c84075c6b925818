/// A source of price and open interest of single contracts through the session.
public protocol ContractHistoryProvider: Sendable {
    /// The intervals of the newest session, as far as they are over or under way.
    /// - Throws: `MarketDataError`; `expiryNotListed` for an expiry that the source does not serve, `noDataForTime`
    ///   where it has nothing of that contract.
    func contractHistory(_ request: ContractHistoryRequest) async throws -> ContractHistory
}
