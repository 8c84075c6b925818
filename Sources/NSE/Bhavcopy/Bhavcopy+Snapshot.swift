public import MarketData

extension Bhavcopy {
    /// The day's closing snapshot of one expiry, in shares. It holds every strike that was listed.
    ///
    /// The volume is left out: whether `TtlTradgVol` counts contracts or shares is not established.
    /// - Throws: `MarketDataError`: `expiryNotListed` naming the expiries that the day knew, `upstreamUnreadable` for an
    ///   option that stands in the file twice and for two prices of one underlying.
    public func snapshot(
        of symbol: Symbol, expiry: CalendarDate, calendar: TradingCalendar = .nse
    ) throws(MarketDataError) -> OpenInterestSnapshot {
        guard let rows = rows(of: symbol, expiry: expiry) else {
            let dates = expiries(of: symbol).map(\.description).joined(separator: ", ")
            throw MarketDataError(
                .expiryNotListed,
                "NSE's bhavcopy of \(tradingDate) does not list the expiry \(expiry) of \(symbol); it lists "
                    + (dates.isEmpty ? "none" : dates),
                source: .nse
            )
        }
        let strikes = try strikes(rows, symbol)
        let spots = Set(rows.compactMap(\.spot))
        guard spots.count <= 1 else { throw contradiction("\(symbol) \(expiry) has several prices of the underlying") }
        let close = calendar.hours(on: tradingDate, segment: .derivatives).closes
        return OpenInterestSnapshot(
            symbol: symbol, expiry: expiry, unit: .shares, lotSize: lotSize(of: symbol, expiry: expiry),
            spot: spots.first, strikes: strikes, listedStrikes: strikes.count,
            provenance: Provenance(
                source: .nse, feed: "F&O bhavcopy", mode: .endOfDay, delaySeconds: nil,
                asOf: IndianTime.timestamp(tradingDate, close)
            )
        )
    }

    private func strikes(_ rows: [Row], _ symbol: Symbol) throws(MarketDataError) -> [OptionStrike] {
        var strikes: [Strike: OptionStrike] = [:]
        for row in rows {
            var strike = strikes[row.strike] ?? OptionStrike(strike: row.strike, call: nil, put: nil)
            guard (row.isCall ? strike.call : strike.put) == nil else {
                throw contradiction("line \(row.line) has the strike \(row.strike) of \(symbol) a second time")
            }
            if row.isCall { strike.call = row.figures } else { strike.put = row.figures }
            strikes[row.strike] = strike
        }
        return Array(strikes.values)
    }

    private func contradiction(_ reason: String) -> MarketDataError {
        MarketDataError(
            .upstreamUnreadable, "NSE's bhavcopy of \(tradingDate) contradicts itself: \(reason)", source: .nse)
    }
}

extension Bhavcopy.Row {
    fileprivate var figures: OptionFigures {
        let previous: Double? = if let openInterest, let change { openInterest - change } else { nil }
        return OptionFigures(openInterest: openInterest, change: change, previous: previous, last: close)
    }
}
