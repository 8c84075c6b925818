import MarketData
import MarketFormats
import MarketHub

/// The questions about single contracts under `/v1`.
struct ContractRoutes: Sendable {
    let hub: MarketHub

    var endpoints: [Endpoint] {
        [
            .answering(
                "/v1/contract-history", ["symbol", "expiry", "strike", "type", "interval"], with: contractHistory)
        ]
    }

    private func contractHistory(_ parameters: QueryParameters) async throws -> any Answer {
        let interval = try parameters.text("interval") == nil ? .fiveMinutes : parameters.interval()
        return try await hub.contractHistory(
            ContractHistoryRequest(
                underlying: parameters.symbol(), expiry: parameters.date("expiry"), kind: parameters.contractKind(),
                interval: interval))
    }
}

extension QueryParameters {
    /// The kind of contract: `type`, and the strike that an option has.
    fileprivate func contractKind() throws(MarketDataError) -> DerivativeContract.Kind {
        var strike: Strike?
        if let text = try text("strike") {
            guard let price = Strike(text) else {
                throw .badRequest("the parameter 'strike' is '\(text)', which is no price; write 26000 or 112.5")
            }
            strike = price
        }
        return try DerivativeContract.Kind(required("type", "write call, put or future"), strike: strike)
    }
}
