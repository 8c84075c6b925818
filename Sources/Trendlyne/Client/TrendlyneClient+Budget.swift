public import MarketData

extension TrendlyneClient: RequestBudget {
    /// Trendlyne.
    public var source: Provenance.Source { .trendlyne }

    /// How many requests today's allowance still holds, over all processes that share the ledger; `nil` where the pace
    /// has no allowance.
    public var requestsLeft: Int? { questions.connection.requestsLeft }
}
