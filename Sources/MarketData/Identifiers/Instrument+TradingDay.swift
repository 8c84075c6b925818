import Foundation

extension Instrument {
    /// The trading day of a daily bar by its opening instant; `nil` where the zone is not known.
    ///
    /// A session that opens in the evening and closes on the next day (`1800-1700`) belongs to the day of its close, as
    /// exchanges count it: a day is not midnight to midnight.
    public func tradingDay(ofBarOpeningAt time: Timestamp) -> CalendarDate? {
        guard let zone = timeZone.flatMap(TimeZone.init(identifier:)) else { return nil }
        let instant = Date(timeIntervalSince1970: Double(time.seconds))
        let local = CalendarDate.split(seconds: time.seconds + Int64(zone.secondsFromGMT(for: instant)))
        guard opensTheEveningBefore, local.secondOfDay >= 12 * 3600 else { return local.date }
        // Friday evening's and the weekend's own evenings open Monday's session.
        var day = local.date.advanced(byDays: 1)
        while day.weekday == .saturday || day.weekday == .sunday { day = day.advanced(byDays: 1) }
        return day
    }

    private var opensTheEveningBefore: Bool {
        let first = session?.split(separator: ",").first?.split(separator: ":").first ?? ""
        let times = first.split(separator: "-").compactMap { Int($0) }
        return times.count == 2 && times[0] >= 1200 && times[1] <= times[0]
    }
}
