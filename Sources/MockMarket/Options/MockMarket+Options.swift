public import MarketData

extension MockMarket {
    /// The expiries listed at a moment, by the exchange's rules.
    /// - Throws: `MarketDataError`: `symbolNotFound`, `notSupported` for what has no options, `noDataForTime`.
    public func expiries(of symbol: Symbol, at moment: Timestamp) throws(MarketDataError) -> ExpiryList {
        throw MarketDataError(.notSupported, "soon", source: .mock)
    }

    /// Open interest of one expiry (`nil`: the nearest) at a moment.
    /// - Throws: `MarketDataError`: `symbolNotFound`, `notSupported`, `expiryNotListed`, `noDataForTime`.
    public func openInterest(
        of symbol: Symbol, expiry: CalendarDate?, at moment: Timestamp
    ) throws(MarketDataError) -> OpenInterestSnapshot {
        throw MarketDataError(.notSupported, "soon", source: .mock)
    }

    /// The snapshots of one expiry (`nil`: the nearest at the range's beginning) within a range, up to a moment.
    /// - Throws: `MarketDataError`: as `openInterest`, and `tooLarge` above 10,000 snapshots.
    public func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange, at moment: Timestamp
    ) throws(MarketDataError) -> [OpenInterestSnapshot] {
        throw MarketDataError(.notSupported, "soon", source: .mock)
    }
}
