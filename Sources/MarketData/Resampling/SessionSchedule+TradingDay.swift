extension SessionSchedule {
    /// How many days before its date a trading day may begin, by the longest correction seen (`1900F4-2350F4`).
    private static let longestEve = 5

    /// The trading day that an instant belongs to, whether or not the exchange is known to trade then: the date of the
    /// exchange's clock, or a later day whose sessions have begun before its midnight.
    public func tradingDay(at time: Timestamp) -> CalendarDate {
        let today = date(at: time)
        guard opensTheEveningBefore else { return today }
        for ahead in (1...SessionSchedule.longestEve).reversed() {
            let day = today.advanced(byDays: ahead)
            if let opening = sessions(on: day).first?.from, opening <= time { return day }
        }
        return today
    }

    /// The first instant that belongs to a date or to a later one.
    func start(of date: CalendarDate) -> Timestamp {
        let midnight = timestamp(date, 0)
        guard opensTheEveningBefore else { return midnight }
        let openings = (0...SessionSchedule.longestEve).compactMap {
            sessions(on: date.advanced(byDays: $0)).first?.from
        }
        return openings.reduce(midnight, min)
    }
}
