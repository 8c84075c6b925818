import MarketData

extension PricedChain {
    /// The model that the source's greeks were found to fit (48 index puts to 0.003 points of volatility).
    static let model = "Black-Scholes on spot, r 7 %"

    /// The chain that answers a question about now, in shares.
    ///
    /// The answer carries no stamp: it is taken to be of the moment of asking, or of the last close while the market is
    /// shut, and how late it is is not known. Contracts become shares by the lot; where the lot is not known, the volume
    /// is not either. The change of open interest is told in rounded percent only, from which no number of shares
    /// follows, so it is not known here.
    /// - Throws: `MarketDataError` `noDataForTime` for the frozen figures of an expiry that is over.
    func chain(
        of symbol: Symbol, expiry: CalendarDate, now: Timestamp, calendar: TradingCalendar = .nse
    ) throws(MarketDataError) -> OptionChain {
        guard !isFrozen else {
            throw MarketDataError(
                .noDataForTime,
                "Trendlyne's figures of \(symbol) for the expiry \(expiry) are frozen (no implied volatility, and every "
                    + "greek exactly 0), as those of an expiry that is over",
                source: .trendlyne
            )
        }
        let lot = LotSizes.size(of: symbol, expiring: expiry)
        let session = calendar.latestSession(at: now, segment: .derivatives)
        let isOver = now >= session.closes
        let snapshot = OpenInterestSnapshot(
            symbol: symbol, expiry: expiry, unit: .shares, lotSize: lot, spot: spot,
            strikes: rows.map { row in
                OptionStrike(strike: row.strike, call: row.call?.figures(lot: lot), put: row.put?.figures(lot: lot))
            },
            listedStrikes: rows.count,
            provenance: Provenance(
                source: .trendlyne, feed: "fno/option/chain", mode: isOver ? .endOfDay : .delayed, delaySeconds: nil,
                asOf: min(now, session.closes)
            )
        )
        return OptionChain(
            snapshot: snapshot, sourceRatios: ratios, sourceMaxPain: maxPain, sourceGreeks: sourceGreeks)
    }

    private var sourceGreeks: SourceGreeks? {
        var strikes: [Strike: SourceGreeks.Row] = [:]
        for row in rows where row.call?.greeks != nil || row.put?.greeks != nil {
            strikes[row.strike] = SourceGreeks.Row(call: row.call?.greeks, put: row.put?.greeks)
        }
        return strikes.isEmpty ? nil : SourceGreeks(model: PricedChain.model, strikes: strikes)
    }
}

extension PricedChain.Side {
    fileprivate func figures(lot: Int?) -> OptionFigures {
        var volume: Double?
        if let contracts, let lot { volume = contracts * Double(lot) }
        return OptionFigures(
            openInterest: openInterest, last: last, volume: volume, impliedVolatility: impliedVolatility)
    }
}
