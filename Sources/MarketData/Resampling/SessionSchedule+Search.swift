extension SessionSchedule {
    /// How far a search for a session goes; no exchange stays shut so long.
    private static let longestClosure = 60

    /// The newest session that has opened by an instant, and its trading day.
    func latestSession(at time: Timestamp) -> (date: CalendarDate, session: TimeRange)? {
        // A session that opens in the evening belongs to the day after.
        var date = date(at: time).advanced(byDays: 1)
        for _ in 0...SessionSchedule.longestClosure {
            if let session = sessions(on: date).last(where: { $0.from <= time }) { return (date, session) }
            date = date.advanced(byDays: -1)
        }
        return nil
    }

    /// The first session that opens at or after an instant, and its trading day.
    func nextSession(openingAtOrAfter time: Timestamp) -> (date: CalendarDate, session: TimeRange)? {
        var date = date(at: time)
        for _ in 0...SessionSchedule.longestClosure {
            if let session = sessions(on: date).first(where: { $0.from >= time }) { return (date, session) }
            date = date.advanced(byDays: 1)
        }
        return nil
    }

    /// From the opening of the first session to the close of the last of the bar that holds a trading day.
    func period(of interval: Interval, around date: CalendarDate) -> TimeRange {
        let (first, next) = days(of: interval, around: date)
        let end = Timestamp(milliseconds: .max)
        let opens = firstTradingDay(from: first, until: date).flatMap { sessions(on: $0).first?.from }
        let closes = lastTradingDay(from: date, before: next).flatMap { sessions(on: $0).last?.to }
        return TimeRange(from: opens ?? end, to: closes ?? end)
    }

    /// The first trading day of a span of days, its last day included; `nil` for none.
    func firstTradingDay(from first: CalendarDate, until last: CalendarDate) -> CalendarDate? {
        var date = first
        while date <= last {
            if isTradingDay(date) { return date }
            date = date.advanced(byDays: 1)
        }
        return nil
    }

    /// The last trading day of a span of days, its end left out; `nil` for none.
    func lastTradingDay(from first: CalendarDate, before end: CalendarDate) -> CalendarDate? {
        var date = end.advanced(byDays: -1)
        while date >= first {
            if isTradingDay(date) { return date }
            date = date.advanced(byDays: -1)
        }
        return nil
    }
}
