import JSON
import MarketData
import SourceHTTP

/// One interval of `fno/buildup-5` and `-15` as sent: price and open interest of one contract at its end.
struct BuildUpInterval: Hashable, Sendable {
    /// India's time, of the day that the source serves, which it does not name.
    var from: ClockTime
    var to: ClockTime
    var price: Double?
    /// In shares.
    var openInterest: Double?
    /// In shares, against the interval before.
    var change: Double?
    /// Taken for shares like its neighbours; no recording proves it.
    var volume: Double?
    /// The source's own judgement, which it writes as `Long Build Up`; `nil` for an unknown word.
    var buildUp: BuildUp?
}

extension BuildUpInterval {
    /// Reads `body.data_v2`: one object an interval, in any order. `nil` if the list is absent or empty.
    static func list(_ body: JSONFields) throws(UnreadableField) -> [BuildUpInterval]? {
        guard let items = try body.objects("data_v2"), !items.isEmpty else { return nil }
        var intervals: [BuildUpInterval] = []
        var seen: Set<ClockTime> = []
        for item in items {
            let interval = try BuildUpInterval(item)
            guard seen.insert(interval.to).inserted else {
                throw UnreadableField(item.path(of: "interval"), "two intervals end at \(interval.to)")
            }
            intervals.append(interval)
        }
        return intervals.sorted { $0.to < $1.to }
    }

    private init(_ item: JSONFields) throws(UnreadableField) {
        (from, to) = try BuildUpInterval.ends(item)
        price = try item.positive("close_price")
        openInterest = try item.number("oi", "open_interest")
        if let openInterest, openInterest < 0 {
            throw UnreadableField(item.path(of: "oi"), "open interest cannot be \(openInterest.shortest)")
        }
        change = try item.number("oi_change_gross")
        volume = try item.number("volume_gross")
        if let volume, volume < 0 {
            throw UnreadableField(item.path(of: "volume_gross"), "a volume cannot be \(volume.shortest)")
        }
        buildUp = item.text("buildup").flatMap(BuildUp.init(spelling:))
    }

    /// `09:15 TO 09:20`, in 24 hours of India's time.
    private static func ends(_ item: JSONFields) throws(UnreadableField) -> (ClockTime, ClockTime) {
        let text = item.text("interval") ?? ""
        let parts = text.uppercased().split(separator: " ").filter { $0 != "TO" }
        guard parts.count == 2, let from = ClockTime(parts[0]), let to = ClockTime(parts[1]), from < to else {
            throw UnreadableField(
                item.path(of: "interval"), "expected an interval such as 09:15 TO 09:20, found '\(text.prefix(40))'")
        }
        return (from, to)
    }
}

extension ContractHistory {
    /// The history for a request, in shares, from intervals whose day the source does not name.
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
                "Trendlyne served an interval of \(contract) that ends at \(early.to) (India), which is in the future on "
                    + "\(day): the values are of an earlier day",
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
