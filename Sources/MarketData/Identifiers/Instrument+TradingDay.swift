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
        guard let session, let schedule = try? SessionSchedule(sessions: session, zone: zone.identifier),
            schedule.opensTheEveningBefore, local.secondOfDay >= 12 * 3600
        else { return local.date }
        // Friday evening's and the weekend's own evenings open Monday's session, where there is none on Saturday or Sunday.
        var day = local.date.advanced(byDays: 1)
        for _ in 0..<7 where !schedule.isTradingDay(day) { day = day.advanced(byDays: 1) }
        return day
    }
}
