extension BarBoundaries {
    /// The first and the last trading day of the bar that holds a trading day.
    func tradingDays(around date: CalendarDate) -> (first: CalendarDate, last: CalendarDate) {
        switch interval.unit {
        case .second, .minute, .hour: return (date, date)
        case .day where interval.count == 1: return (date, date)
        case .day: return severalDays(around: date)
        case .week, .month:
            let (first, next) = period(around: date)
            return (calendar.tradingDay(onOrAfter: first), calendar.tradingDay(before: next))
        }
    }

    /// The first day of the weeks or months that hold a day, trading or not, and the first day after them.
    func period(around date: CalendarDate) -> (first: CalendarDate, next: CalendarDate) {
        interval.period(around: date)
    }

    /// Counts trading days from the first of the year, so that a holiday learned late moves the bars of one year only.
    private func severalDays(around date: CalendarDate) -> (first: CalendarDate, last: CalendarDate) {
        let year = date.parts.year
        var number = 0
        var day = Interval.firstOfMonth(year * 12)
        var first = day
        while day <= date {
            if calendar.isTradingDay(day) {
                if number % interval.count == 0 { first = day }
                number += 1
            }
            day = day.advanced(byDays: 1)
        }
        var last = date
        while number % interval.count != 0 {
            let next = calendar.tradingDay(after: last)
            guard next.parts.year == year else { break }
            last = next
            number += 1
        }
        return (first, last)
    }
}

extension Interval {
    /// The first day of the weeks (from Monday) or months (from January) that hold a day, and the first day after them;
    /// for shorter intervals the day itself and the next.
    func period(around date: CalendarDate) -> (first: CalendarDate, next: CalendarDate) {
        switch unit {
        case .second, .minute, .hour, .day: return (date, date.advanced(byDays: 1))
        case .week:
            // 1970-01-05 was a Monday.
            let week = Int64(date.daysSinceEpoch - 4).floorDivided(by: 7)
            let start = Int(week.floorDivided(by: Int64(count))) * count
            let first = CalendarDate(daysSinceEpoch: start * 7 + 4)
            return (first, first.advanced(byDays: 7 * count))
        case .month:
            let (year, month, _) = date.parts
            let start = (year * 12 + month - 1) / count * count
            return (Interval.firstOfMonth(start), Interval.firstOfMonth(start + count))
        }
    }

    static func firstOfMonth(_ months: Int) -> CalendarDate {
        CalendarDate(year: months / 12, month: months % 12 + 1, day: 1) ?? CalendarDate(daysSinceEpoch: 0)
    }
}
