import MarketData

extension SiteChain {
    /// The snapshot of a chain as of the site's own stamp: in shares where the lot is known, otherwise in contracts.
    /// - Parameters:
    ///   - lot: Shares a contract; `nil` where that is not known.
    ///   - feed: The address that answered.
    ///   - strikesOfAllExpiries: How many strikes the site lists over all expiries. A chain that has as many is whole; of a
    ///     smaller one it is not known how many its expiry has.
    ///   - at: The moment asked for; `nil` for now.
    /// - Throws: `MarketDataError`: `expiryNotListed` for an expiry that was over by then, `noDataForTime` for frozen
    ///   figures, for those of an earlier day while those of this one are due (where the year's holidays are known), and for those stamped after the moment.
    func snapshot(
        of symbol: Symbol, lot: Lot?, feed: String, strikesOfAllExpiries: Int?, at: Timestamp? = nil, now: Timestamp,
        calendar: TradingCalendar = .nse
    ) throws(MarketDataError) -> OpenInterestSnapshot {
        try checkStamp(symbol, at: at, now: now, calendar: calendar)
        var strikes: [OptionStrike] = []
        for row in rows {
            strikes.append(
                OptionStrike(strike: row.strike, call: row.call?.figures(lot), put: row.put?.figures(lot)))
        }
        return OpenInterestSnapshot(
            symbol: symbol, expiry: expiry, unit: lot == nil ? .contracts : .shares, lotSize: lot?.size, spot: spot,
            strikes: strikes,
            listedStrikes: listedStrikes ?? strikesOfAllExpiries.flatMap { $0 == rows.count ? $0 : nil },
            provenance: provenance(feed, now: now, calendar: calendar), notes: notes(lot)
        )
    }

    private func notes(_ lot: Lot?) -> [String] {
        dropped.map { "left out an option whose figures cannot be: \($0)" }
            + (lot == nil ? ["lot size unknown; reporting open interest in contracts"] : [])
    }

    private func provenance(_ feed: String, now: Timestamp, calendar: TradingCalendar) -> Provenance {
        let day = IndianTime.date(stamp)
        let close = calendar.hours(on: day, segment: .derivatives).closes
        let isOver = now >= IndianTime.timestamp(day, close)
        return Provenance(
            source: .nse, feed: feed, mode: isOver ? .endOfDay : .delayed,
            delaySeconds: isOver ? nil : Int(max(0, now.seconds - stamp.seconds)), asOf: stamp
        )
    }

    private func checkStamp(
        _ symbol: Symbol, at: Timestamp?, now: Timestamp, calendar: TradingCalendar
    ) throws(MarketDataError) {
        guard expiry >= IndianTime.date(stamp) else {
            throw MarketDataError(
                .expiryNotListed,
                "the expiry \(expiry) of \(symbol) was over on \(IndianTime.date(stamp)), the day of NSE's figures",
                source: .nse
            )
        }
        let due = calendar.latestSession(
            at: (at ?? now).advanced(bySeconds: -SiteChain.openingGrace), segment: .derivatives)
        let reason: String? =
            if stamp < now.advanced(bySeconds: -SiteChain.longestClosure) {
                "these figures are frozen"
            } else if IndianTime.date(stamp) < due.date, IndianHolidays.listedYears.contains(due.date.parts.year) {
                "these figures are of an earlier day; those of \(due.date) are due by now"
            } else if stamp > (at ?? now.advanced(bySeconds: ChainRequest.nowTolerance)) {
                "figures stamped after the moment asked for were not known then"
            } else {
                nil
            }
        guard let reason else { return }
        throw MarketDataError(
            .noDataForTime,
            "asked for the open interest of \(symbol) at \(at ?? now), NSE offered figures stamped \(stamp): \(reason)",
            source: .nse
        )
    }

    /// How long after the opening the site may still serve the day before, in seconds.
    private static let openingGrace: Int64 = 600
    /// Longer than any run of holidays, in seconds.
    private static let longestClosure: Int64 = 8 * 86_400
}

extension SiteChain.Side {
    /// In shares by a lot that fits the chain, otherwise in contracts.
    fileprivate func figures(_ lot: Lot?) -> OptionFigures {
        let counted = { (contracts: Double?) in contracts.flatMap { lot == nil ? $0 : lot?.shares($0) } }
        let openInterest = counted(openInterest)
        let change = counted(change)
        let previous: Double? = if let openInterest, let change { max(0, openInterest - change) } else { nil }
        return OptionFigures(
            openInterest: openInterest, change: change, previous: previous, last: last, volume: counted(volume),
            impliedVolatility: impliedVolatility, priceChange: priceChange, bid: bid?.price, ask: ask?.price
        )
    }
}
