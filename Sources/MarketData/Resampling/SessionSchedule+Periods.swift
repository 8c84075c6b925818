extension SessionSchedule {
    /// The first day of the bar of days, weeks or months that holds a day, and the day after its last. Weeks are counted
    /// from Monday, months from January, several days from the first trading day of the year, as `BarBoundaries` does.
    func days(of interval: Interval, around date: CalendarDate) -> (first: CalendarDate, next: CalendarDate) {
        interval.unit == .day ? tradingDays(interval.count, around: date) : interval.period(around: date)
    }

    private func tradingDays(_ count: Int, around date: CalendarDate) -> (first: CalendarDate, next: CalendarDate) {
        guard count > 1 else { return (date, date.advanced(byDays: 1)) }
        let nextYear = Interval.firstOfMonth((date.parts.year + 1) * 12)
        var day = Interval.firstOfMonth(date.parts.year * 12)
        var first = day
        var number = 0
        while day < nextYear {
            if isTradingDay(day) {
                if number % count == 0 {
                    if day > date { return (first, day) }
                    first = day
                }
                number += 1
            }
            day = day.advanced(byDays: 1)
        }
        return (first, nextYear)
    }
}
