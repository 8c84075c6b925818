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
        let sessions = sessions(on: date)
        let opens = firstTradingDay(from: first, until: date).flatMap { self.sessions(on: $0).first }
        var last = next.advanced(byDays: -1)
        while last > date, !isTradingDay(last) { last = last.advanced(byDays: -1) }
        let end = Timestamp(milliseconds: .max)
        return TimeRange(
            from: (opens ?? sessions.first)?.from ?? end, to: self.sessions(on: last).last?.to ?? end
        )
    }

    private func firstTradingDay(from first: CalendarDate, until last: CalendarDate) -> CalendarDate? {
        var date = first
        while date < last, !isTradingDay(date) { date = date.advanced(byDays: 1) }
        return date
    }
}
