public import MarketData

extension Bhavcopy {
    /// The day's closing snapshot of one expiry, in shares. It holds every strike that was listed.
    ///
    /// The volume is in shares too. `TtlTradgVol` counts them; where it does not divide by the lot it is taken for
    /// contracts, as `CONTRACTS` of the former format is. Without a known lot the volume of the former format is left
    /// out.
    /// - Throws: `MarketDataError`: `expiryNotListed` with the nearest expiries of the day, `upstreamUnreadable` for
    ///   an option that is in the file twice and for two prices of one underlying.
    public func snapshot(
        of symbol: Symbol, expiry: CalendarDate, calendar: TradingCalendar = .nse
    ) throws(MarketDataError) -> OpenInterestSnapshot {
        guard let rows = rows(of: symbol, expiry: expiry) else {
            let listed = expiries(of: symbol)
            throw .expiryNotListed(
                expiry, among: listed,
                "NSE's bhavcopy of \(tradingDate) does not list the expiry \(expiry) of \(symbol)"
                    + (listed.isEmpty ? "; it lists none" : ""), source: .nse)
        }
        let strikes = try strikes(rows, symbol, sharesAVolume: sharesAVolume(rows, symbol, expiry))
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

    /// Shares in one of the file's units of volume; `nil` if unknown.
    private func sharesAVolume(_ rows: [Row], _ symbol: Symbol, _ expiry: CalendarDate) -> Double? {
        if let lot = lotSize(of: symbol, expiry: expiry).map(Double.init) {
            return rows.allSatisfy { ($0.volume ?? 0).truncatingRemainder(dividingBy: lot) == 0 } ? 1 : lot
        }
        guard BhavcopyFormat(of: tradingDate) == .historical else { return nil }
        return LotSizes.size(of: symbol, expiring: expiry).map(Double.init)
    }

    private func strikes(
        _ rows: [Row], _ symbol: Symbol, sharesAVolume: Double?
    ) throws(MarketDataError) -> [OptionStrike] {
        var strikes: [Strike: OptionStrike] = [:]
        for row in rows {
            var strike = strikes[row.strike] ?? OptionStrike(strike: row.strike, call: nil, put: nil)
            guard (row.isCall ? strike.call : strike.put) == nil else {
                throw contradiction("line \(row.line) has the strike \(row.strike) of \(symbol) a second time")
            }
            let values = row.values(sharesAVolume: sharesAVolume)
            if row.isCall { strike.call = values } else { strike.put = values }
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
    fileprivate func values(sharesAVolume: Double?) -> OptionData {
        let previous: Double? = if let openInterest, let change { openInterest - change } else { nil }
        let traded: Double? = if let volume, let sharesAVolume { volume * sharesAVolume } else { nil }
        return OptionData(
            openInterest: openInterest, change: change, previous: previous, last: close, volume: traded)
    }
}
