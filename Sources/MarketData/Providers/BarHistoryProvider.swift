/// A source of past bars.
public protocol BarHistoryProvider: Sendable {
    /// The bars asked for, ascending; fewer only with `shortfall` saying why.
    /// - Throws: `MarketDataError`.
    func bars(_ request: BarRequest) async throws -> BarSeries
}
