extension BarBoundaries {
    /// The first and the last trading day of the bar that holds a trading day.
    func tradingDays(around date: CalendarDate) -> (first: CalendarDate, last: CalendarDate) {
        let (first, next): (CalendarDate, CalendarDate)
        switch interval.unit {
        case .second, .minute, .hour: return (date, date)
        case .day where interval.count == 1: return (date, date)
        case .day: return severalDays(around: date)
        case .week:
            // 1970-01-05 was a Monday.
            let week = Int64(date.daysSinceEpoch - 4).floorDivided(by: 7)
            let start = Int(week.floorDivided(by: Int64(interval.count))) * interval.count
            first = CalendarDate(daysSinceEpoch: start * 7 + 4)
            next = first.advanced(byDays: 7 * interval.count)
        case .month:
            let (year, month, _) = date.parts
            let start = (year * 12 + month - 1) / interval.count * interval.count
            first = firstOfMonth(start)
            next = firstOfMonth(start + interval.count)
        }
        return (calendar.tradingDay(onOrAfter: first), calendar.tradingDay(before: next))
    }

    private func firstOfMonth(_ months: Int) -> CalendarDate {
        CalendarDate(year: months / 12, month: months % 12 + 1, day: 1) ?? CalendarDate(daysSinceEpoch: 0)
    }

    /// Counts trading days from the first of the year, so that a holiday learned late moves the bars of one year only.
    private func severalDays(around date: CalendarDate) -> (first: CalendarDate, last: CalendarDate) {
        let year = date.parts.year
        var number = 0
        var day = firstOfMonth(year * 12)
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
