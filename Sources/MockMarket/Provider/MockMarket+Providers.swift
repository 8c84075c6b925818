public import MarketData

extension MockMarket: DataProvider {
    /// The bars asked for, up to now. Others get their turn between parts of a long answer.
    /// - Throws: `MarketDataError`: `badRequest`, `symbolNotFound`, `tooLarge`; `CancellationError`.
    public func bars(_ request: BarRequest) async throws -> BarSeries {
        let moment = clock()
        let (listing, spans, planned) = try plan(request, at: moment)
        var series = planned
        series.bars.reserveCapacity(spans.count)
        for start in stride(from: 0, to: spans.count, by: 500) {
            try Task.checkCancellation()
            let part = Array(spans[start..<min(start + 500, spans.count)])
            series.bars += try bars(of: listing, for: request, over: part, at: moment)
            await Task.yield()
        }
        series.rolls = try rolls(of: series, at: moment)
        return series
    }

    /// The expiries listed now.
    /// - Throws: `MarketDataError`: `symbolNotFound`, `notSupported` for what has no options.
    public func expiries(of symbol: Symbol) async throws -> ExpiryList {
        try expiries(of: symbol, at: clock())
    }

    /// Open interest at any moment from 2010 to now.
    /// - Throws: `MarketDataError`: `symbolNotFound`, `notSupported`, `expiryNotListed`, `noDataForTime`.
    public func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        let now = clock()
        let moment = request.at ?? now
        guard moment <= now else {
            throw MarketDataError(
                .noDataForTime, "\(moment) has not come yet; it is \(now) in the mock market", source: .mock
            )
        }
        return try openInterest(of: request.symbol, expiry: request.expiry, at: moment)
    }

    /// Every snapshot of a range, one each three minutes of trading, up to now.
    /// - Throws: `MarketDataError`: as `openInterest`, and `tooLarge` above 10,000 snapshots.
    public func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        try openInterestHistory(of: symbol, expiry: expiry, within: range, at: clock())
    }
}
