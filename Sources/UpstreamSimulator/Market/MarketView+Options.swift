import MarketData
import MockMarket

// Options. Trendlyne and NSE are both served from here, so that the shares of the one over the lot are the contracts
// of the other.
extension MarketView {
    /// From this number of days before its expiry on a contract may be older than the present lot, and its open
    /// interest no whole number of lots (NSE's site then shows fractions such as 4.3333).
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
        let sent = (try? market.openInterestHistory(of: symbol, expiry: expiry, within: range, at: end)) ?? []
        return sent.compactMap { openInterest(of: symbol, expiry: expiry, at: $0.provenance.asOf) }
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

extension OptionData {
    /// Shares that were open yesterday too, so that the change of the day stays what it is.
    fileprivate func holding(more shares: Double) -> OptionData {
        var values = self
        values.openInterest = openInterest.map { $0 + shares }
        values.previous = previous.map { $0 + shares }
        return values
    }
}

extension MarketView {
    /// The intervals of the newest trading day that have ended; empty for a contract that is not listed.
    func buildUp(_ requested: BuildUpPageRequest, at now: Timestamp) -> [BuildUpText.Row] {
        let symbol = Symbol(exchange: "NSE", ticker: requested.code)
        let session = calendar.latestSession(at: now, segment: .derivatives)
        let length = Int64(requested.minutes * 60)
        let ends = stride(from: session.opens.seconds, to: session.closes.seconds, by: Int(length)).map {
            (Timestamp(seconds: $0), min(Timestamp(seconds: $0 + length), session.closes))
        }
        let ended = ends.filter { $0.1 <= now }
        switch requested.contract {
        case .future: return futureRows(of: symbol, expiry: requested.expiry, ended, length, at: now)
        case .option(let strike, let type):
            // At the close itself an expiry of today is over.
            let latest = session.closes.advanced(bySeconds: -1)
            return optionRows(of: symbol, expiry: requested.expiry, strike, type, ended, notAfter: latest)
        }
    }

    private func optionRows(
        of symbol: Symbol, expiry: CalendarDate, _ strike: Strike, _ type: OptionType,
        _ intervals: [(from: Timestamp, to: Timestamp)], notAfter latest: Timestamp
    ) -> [BuildUpText.Row] {
        var traded = 0.0
        return intervals.compactMap { interval in
            let moment = min(interval.to, latest)
            guard let side = option(strike, of: symbol, expiry: expiry, at: moment)?[type],
                let openInterest = side.openInterest
            else { return nil }
            let volume = side.volume ?? 0
            defer { traded = volume }
            // An option without trades has no price.
            let close = volume > 0 ? side.last : nil
            return BuildUpText.Row(
                from: IndianTime.split(interval.from).time, to: IndianTime.split(interval.to).time, close: close,
                low: close, high: close, openInterest: openInterest, volume: volume - traded
            )
        }
    }

    private func futureRows(
        of underlying: Symbol, expiry: CalendarDate, _ intervals: [(from: Timestamp, to: Timestamp)],
        _ length: Int64, at now: Timestamp
    ) -> [BuildUpText.Row] {
        guard let first = intervals.first, let last = intervals.last,
            let interval = Interval(Int(length / 60), .minute),
            let rank = futuresExpiries(of: underlying, at: now).firstIndex(of: expiry)
        else { return [] }
        let future = Symbol(exchange: underlying.exchange, ticker: "\(underlying.ticker)\(rank + 1)!")
        let range = TimeRange(from: first.from, to: last.to)
        let bars = (try? market.bars(of: future, interval: interval, within: range, at: now)) ?? []
        return bars.compactMap { bar in
            guard let openInterest = bar.openInterest else { return nil }
            let end = min(bar.time.advanced(bySeconds: length), last.to)
            return BuildUpText.Row(
                from: IndianTime.split(bar.time).time, to: IndianTime.split(end).time, close: bar.close, low: bar.low,
                high: bar.high, openInterest: openInterest, volume: bar.volume ?? 0
            )
        }
    }
}
