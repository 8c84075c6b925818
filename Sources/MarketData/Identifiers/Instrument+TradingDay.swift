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
        // Friday evening's and the weekend's own evenings open Monday's session, where there is none on Saturday or Sunday.
        let schedule = session.flatMap { try? SessionSchedule(sessions: $0, zone: zone.identifier) }
        var day = local.date.advanced(byDays: 1)
        for _ in 0..<7 {
            let isWeekend = day.weekday == .saturday || day.weekday == .sunday
            if schedule?.isTradingDay(day) ?? !isWeekend { break }
            day = day.advanced(byDays: 1)
        }
        return day
    }

    private var opensTheEveningBefore: Bool {
        let usual = session?.split(separator: "|").first?.split(separator: ":").first ?? ""
        let spans = usual.split(separator: ",").map { $0.split(separator: "-").compactMap { Int($0) } }
        guard let first = spans.first, spans.allSatisfy({ $0.count == 2 }), first[0] >= 1200 else { return false }
        // A night session that ends before midnight is followed by those of the day (`2100-2300,0900-1130`).
        return first[1] <= first[0] || spans.dropFirst().contains { $0[0] < first[0] }
    }
}
