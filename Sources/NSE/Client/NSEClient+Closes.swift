public import MarketData

extension NSEClient: ClosingOpenInterestProvider {
    /// NSE.
    public var source: Provenance.Source { .nse }

    /// The closing snapshots of one expiry out of the exchange's daily files, one file a day.
    /// - Throws: `MarketDataError`; `tooLarge` for more than 66 days, `noDataForTime`, `expiryNotListed`.
    public func closingOpenInterest(
        of symbol: Symbol, expiry: CalendarDate, on days: [CalendarDate]
    ) async throws -> [OpenInterestSnapshot] {
        _ = try Underlying(symbol)
        return try await archive.snapshots(of: symbol, expiry: expiry, on: days)
    }
}
