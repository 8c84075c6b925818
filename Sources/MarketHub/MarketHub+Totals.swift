public import MarketData
import MarketHistory

extension MarketHub {
    /// The totals of the snapshots of one expiry within a range, and one strike of each where one is followed, in time
    /// order. Of a long history no more than a page of whole snapshots is in memory at once.
    /// - Throws: `MarketDataError`, as `openInterestHistory`.
    public func openInterestTotals(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange, following strike: Strike? = nil
    ) async throws -> [OpenInterestTotals] {
        guard range.from < range.to else {
            throw MarketDataError.badRequest("the range from \(range.from) to \(range.to) is empty")
        }
        if let rememberedOpenInterest {
            return try await rememberedOpenInterest.history(of: symbol, expiry: expiry, within: range) {
                OpenInterestTotals($0, following: strike)
            }
        }
        return try await openInterestHistory(of: symbol, expiry: expiry, within: range).map {
            OpenInterestTotals($0, following: strike)
        }
    }
}
