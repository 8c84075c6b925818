public import MarketData

extension TrendlyneClient: OptionChainProvider {
    /// The chain of one expiry with price, volume and implied volatility, the source's own three ratios, max pain and
    /// greeks; in shares.
    ///
    /// The answer carries no time stamp of its own, so `delaySeconds` is `nil`.
    /// - Throws: `MarketDataError`; `expiryNotListed` for an expiry that Trendlyne does not list, `noDataForTime` for
    ///   one whose figures are frozen.
    public func optionChain(of symbol: Symbol, expiry: CalendarDate?) async throws -> OptionChain {
        let underlying = try Underlying(symbol)
        return try await inTurn { deadline in
            try await questions.chain(of: underlying, expiry: expiry, before: deadline)
        }
    }
}

extension TrendlyneClient: ContractHistoryProvider {
    /// Price, open interest in shares and the source's build-up of one contract, in intervals of 5 or 15 minutes of the
    /// newest session.
    /// - Throws: `MarketDataError`; `unknownInterval` for another interval, `expiryNotListed`, and `noDataForTime` for a
    ///   contract without a single interval.
    public func contractHistory(_ request: ContractHistoryRequest) async throws -> ContractHistory {
        let underlying = try Underlying(request.underlying)
        return try await inTurn { deadline in
            try await questions.history(request, of: underlying, before: deadline)
        }
    }
}
