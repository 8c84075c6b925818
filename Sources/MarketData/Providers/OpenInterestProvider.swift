/// A source of open interest by strike.
public protocol OpenInterestProvider: Sendable {
    /// The option expiries of an underlying.
    /// - Throws: `MarketDataError`.
    func expiries(of symbol: Symbol) async throws -> ExpiryList

    /// Open interest of one expiry at one moment.
    /// - Throws: `MarketDataError`; `expiryNotListed` for an expiry that the source does not serve, `noDataForTime` for
    ///   a moment that it cannot answer for.
    func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot

    /// The snapshots that the source has of one expiry (`nil`: the nearest) within a range, in time order.
    /// - Throws: `MarketDataError`; `notSupported` where the source keeps no history.
    func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot]
}
