import MarketData
import MockMarket

// Options. Trendlyne and NSE are both answered from here, so that the shares of the one over the lot are the contracts
// of the other.
extension MarketView {
    /// From so many days before its expiry on a contract may be older than the present lot, and its open interest no
    /// whole number of lots (NSE's site then tells fractions such as 4.3333).
    private static let oldLotDays = 300

    /// The expiries of an underlying; `nil` where it has none.
    func expiries(of symbol: Symbol, at moment: Timestamp) -> ExpiryList? {
        try? market.expiries(of: symbol, at: moment)
    }

    /// The expiries of the futures of an underlying: the next three of its monthly ones.
    func futuresExpiries(of symbol: Symbol, at moment: Timestamp) -> [CalendarDate] {
        guard let options = OptionListing.of(symbol), let listed = expiries(of: symbol, at: moment)?.expiries else {
            return []
        }
        let monthly = listed.filter { date in
            options.monthlyExpiry(year: date.parts.year, month: date.parts.month, calendar: .nse) == date
        }
        return Array(monthly.prefix(3))
    }

    /// Open interest of one expiry; `nil` where that is not listed.
    func openInterest(of symbol: Symbol, expiry: CalendarDate, at moment: Timestamp) -> OpenInterestSnapshot? {
        guard var snapshot = try? market.openInterest(of: symbol, expiry: expiry, at: moment) else { return nil }
        guard isOlderThanLot(expiry, at: moment), let lot = snapshot.lotSize else { return snapshot }
        snapshot.strikes = snapshot.strikes.map { $0.withOldLots(lot) }
        return snapshot
    }

    /// The snapshots of an expiry within a range, one each three minutes of trade.
    func openInterest(of symbol: Symbol, expiry: CalendarDate, within range: TimeRange) -> [OpenInterestSnapshot] {
        let end = Timestamp(milliseconds: range.to.milliseconds)
        let told = (try? market.openInterestHistory(of: symbol, expiry: expiry, within: range, at: end)) ?? []
        return told.compactMap { openInterest(of: symbol, expiry: expiry, at: $0.provenance.asOf) }
    }

    /// One strike of an expiry; `nil` where that is not listed.
    func option(_ strike: Strike, of symbol: Symbol, expiry: CalendarDate, at moment: Timestamp) -> OptionStrike? {
        guard let found = try? market.option(strike, of: symbol, expiry: expiry, at: moment) else { return nil }
        guard isOlderThanLot(expiry, at: moment), let options = OptionListing.of(symbol) else { return found }
        return found.withOldLots(options.lotSize(expiring: expiry))
    }

    private func isOlderThanLot(_ expiry: CalendarDate, at moment: Timestamp) -> Bool {
        expiry.daysSinceEpoch - IndianTime.date(moment).daysSinceEpoch > MarketView.oldLotDays
    }
}

extension OptionStrike {
    /// The same with some shares of contracts that were as large as an older lot, on every third strike.
    fileprivate func withOldLots(_ lot: Int) -> OptionStrike {
        let number = strike.tenThousandths / 10_000
        guard number % 3 == 0, lot > 5 else { return self }
        let shares = Double(number % Int64(lot - 1) + 1)
        return OptionStrike(
            strike: strike, call: call?.holding(more: shares), put: put?.holding(more: Double(lot) - shares)
        )
    }
}

extension OptionFigures {
    /// Shares that were open yesterday too, so that the change of the day stays what it is.
    fileprivate func holding(more shares: Double) -> OptionFigures {
        var figures = self
        figures.openInterest = openInterest.map { $0 + shares }
        figures.previous = previous.map { $0 + shares }
        return figures
    }
}
