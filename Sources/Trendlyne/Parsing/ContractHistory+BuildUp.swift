import MarketData

extension ContractHistory {
    /// The history that answers a question, in shares, from intervals whose day the source does not name.
    ///
    /// The day is that of the newest session that the calendar knows; where intervals lie outside its hours there was a
    /// special session, such as one on a holiday's evening, and the day is today. An interval that begins in the future
    /// shows that the source still serves an earlier day.
    /// - Throws: `MarketDataError` `noDataForTime`.
    init(
        _ intervals: [BuildUpInterval], of contract: DerivativeContract, each interval: Interval, now: Timestamp,
        calendar: TradingCalendar = .nse
    ) throws(MarketDataError) {
        let session = calendar.latestSession(at: now, segment: .derivatives)
        let isUsual = intervals.allSatisfy { $0.fits(session) }
        let day = isUsual ? session.date : IndianTime.date(now)
        let early = intervals.first { IndianTime.timestamp(day, $0.from) > now.advanced(bySeconds: 60) }
        if let early {
            throw MarketDataError(
                .noDataForTime,
                "Trendlyne served an interval of \(contract) that ends at \(early.to) (India), which is yet to come on "
                    + "\(day): these are the figures of an earlier day",
                source: .trendlyne
            )
        }
        let points = intervals.map { interval in
            let end = IndianTime.timestamp(day, interval.to)
            return ContractPoint(
                time: end, isFinal: end <= now, price: interval.price, openInterest: interval.openInterest,
                change: interval.change, volume: interval.volume, buildUp: interval.buildUp?.rawValue
            )
        }
        let isOver = isUsual && now >= session.closes
        self.init(
            contract: contract, interval: interval, tradingDay: day, unit: .shares,
            lotSize: LotSizes.size(of: contract.underlying, expiring: contract.expiry), points: points,
            provenance: Provenance(
                source: .trendlyne, feed: interval.count == 5 ? "fno/buildup-5" : "fno/buildup-15",
                mode: isOver ? .endOfDay : .delayed, delaySeconds: nil,
                asOf: min(now, points.map(\.time).max() ?? now)
            )
        )
    }
}

extension BuildUpInterval {
    /// Whether the interval lies in the hours of a session, give or take half an hour.
    fileprivate func fits(_ session: TradingSession) -> Bool {
        let (opens, closes) = (IndianTime.timestamp(session.date, from), IndianTime.timestamp(session.date, to))
        return opens >= session.opens.advanced(bySeconds: -1800) && closes <= session.closes.advanced(bySeconds: 1800)
    }
}
