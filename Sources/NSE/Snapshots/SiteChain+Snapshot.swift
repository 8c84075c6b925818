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
    ///   figures, for those of an earlier day while those of this one are due (where the year's holidays are known), and for those stamped after the moment, `upstreamUnreadable` for contracts that are no whole shares.
    func snapshot(
        of symbol: Symbol, lot: Lot?, feed: String, strikesOfAllExpiries: Int?, at: Timestamp? = nil, now: Timestamp,
        calendar: TradingCalendar = .nse
    ) throws(MarketDataError) -> OpenInterestSnapshot {
        try checkStamp(symbol, at: at, now: now, calendar: calendar)
        var strikes: [OptionStrike] = []
        for row in rows {
            let place = "\(symbol) \(expiry) \(row.strike)"
            strikes.append(
                OptionStrike(
                    strike: row.strike, call: try row.call?.figures(lot, "\(place) call"),
                    put: try row.put?.figures(lot, "\(place) put")
                ))
        }
        return OpenInterestSnapshot(
            symbol: symbol, expiry: expiry, unit: lot == nil ? .contracts : .shares, lotSize: lot?.size, spot: spot,
            strikes: strikes,
            listedStrikes: listedStrikes ?? strikesOfAllExpiries.flatMap { $0 == rows.count ? $0 : nil },
            provenance: provenance(feed, now: now, calendar: calendar)
        )
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
            } else if stamp > (at ?? now.advanced(bySeconds: ChainQuestion.nowTolerance)) {
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
    /// - Throws: `MarketDataError` `upstreamUnreadable`, naming the strike, for contracts that are no whole shares.
    fileprivate func figures(_ lot: Lot?, _ place: String) throws(MarketDataError) -> OptionFigures {
        let openInterest = try counted(openInterest, lot, "open interest", place)
        let change = try counted(change, lot, "change in open interest", place)
        let previous: Double? = if let openInterest, let change { openInterest - change } else { nil }
        // Fractions of contracts are rounded; anything more than that is a contradiction.
        if let previous, let openInterest, let change, previous < -0.01 {
            throw unreadable(
                "\(place): the open interest \(openInterest.shortest) cannot have grown by \(change.shortest)")
        }
        return OptionFigures(
            openInterest: openInterest, change: change, previous: previous.map { max(0, $0) }, last: last,
            volume: try counted(volume, lot, "volume", place), impliedVolatility: impliedVolatility,
            priceChange: priceChange
        )
    }

    private func counted(
        _ contracts: Double?, _ lot: Lot?, _ name: String, _ place: String
    ) throws(MarketDataError) -> Double? {
        guard let contracts, let lot else { return contracts }
        guard let shares = lot.shares(contracts) else {
            throw unreadable("\(place): \(name) of \(contracts.shortest) contracts of \(lot.size) is no whole number")
        }
        return shares
    }

    private func unreadable(_ reason: String) -> MarketDataError {
        MarketDataError(.upstreamUnreadable, "NSE sent what cannot be: \(reason)", source: .nse)
    }
}
