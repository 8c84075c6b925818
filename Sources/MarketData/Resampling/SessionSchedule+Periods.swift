extension SessionSchedule {
    /// The first day of the bar of days, weeks or months that holds a day, and the day after its last. Weeks are counted
    /// from Monday, months from January, several days from the first trading day of the year, as `BarBoundaries` does.
    func days(of interval: Interval, around date: CalendarDate) -> (first: CalendarDate, next: CalendarDate) {
        switch interval.unit {
        case .second, .minute, .hour: return (date, date.advanced(byDays: 1))
        case .day: return tradingDays(interval.count, around: date)
        case .week:
            // 1970-01-05 was a Monday.
            let week = Int64(date.daysSinceEpoch - 4).floorDivided(by: 7)
            let start = Int(week.floorDivided(by: Int64(interval.count))) * interval.count
            let first = CalendarDate(daysSinceEpoch: start * 7 + 4)
            return (first, first.advanced(byDays: 7 * interval.count))
        case .month:
            let (year, month, _) = date.parts
            let start = (year * 12 + month - 1) / interval.count * interval.count
            return (firstOfMonth(start), firstOfMonth(start + interval.count))
        }
    }

    private func tradingDays(_ count: Int, around date: CalendarDate) -> (first: CalendarDate, next: CalendarDate) {
        guard count > 1 else { return (date, date.advanced(byDays: 1)) }
        let nextYear = firstOfMonth((date.parts.year + 1) * 12)
        var day = firstOfMonth(date.parts.year * 12)
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

    private func firstOfMonth(_ months: Int) -> CalendarDate {
        CalendarDate(year: months / 12, month: months % 12 + 1, day: 1) ?? CalendarDate(daysSinceEpoch: 0)
    }
}
