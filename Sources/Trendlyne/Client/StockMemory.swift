public import MarketData

/// Where looked-up underlyings outlive a process: their numbers do not move, and each search is taken from the day's
/// allowance.
public protocol StockMemory: Sendable {
    /// The underlying's number and code at Trendlyne; `nil` where it was not looked up yet.
    func stock(of symbol: Symbol) -> TrendlyneStock?

    /// Keeps what was found.
    func keep(_ stock: TrendlyneStock, of symbol: Symbol)
}
