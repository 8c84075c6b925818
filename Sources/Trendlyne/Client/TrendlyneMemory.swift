public import SourceHTTP

/// What of a client outlives its process.
public struct TrendlyneMemory: Sendable {
    /// The day's requests and a stop; `nil` to forget them.
    public var ledger: (any LedgerMemory)?
    /// Looked-up underlyings; `nil` to look them up anew.
    public var stocks: (any StockMemory)?

    /// A memory; none, unless said otherwise.
    public init(ledger: (any LedgerMemory)? = nil, stocks: (any StockMemory)? = nil) {
        self.ledger = ledger
        self.stocks = stocks
    }
}
