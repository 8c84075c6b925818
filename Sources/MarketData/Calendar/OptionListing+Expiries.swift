extension OptionListing {
    private static let weeklies = 5
    private static let monthlies = 3
    private static let quarters = 3
    private static let halfYears = 8

    /// The dates on which contracts listed at an instant expire, nearest first. One that expires today is listed until
    /// the close.
    public func expiries(at time: Timestamp, calendar: TradingCalendar = .nse) -> [CalendarDate] {
        let (today, _) = IndianTime.split(time)
        let isOver = time >= closing(on: today, calendar: calendar)
        let first = isOver ? today.advanced(byDays: 1) : today
        var dates = Set(weeklyExpiries(from: first, calendar: calendar))
        dates.formUnion(monthlyExpiries(from: first, calendar: calendar))
        return dates.sorted()
    }

    /// Whether contracts that expire on a day are listed at an instant.
    public func lists(_ expiry: CalendarDate, at time: Timestamp, calendar: TradingCalendar = .nse) -> Bool {
        expiries(at: time, calendar: calendar).contains(expiry)
    }

    /// The instant at which contracts that expire on a day stop trading.
    public func closing(on date: CalendarDate, calendar: TradingCalendar = .nse) -> Timestamp {
        IndianTime.timestamp(date, calendar.hours(on: date, segment: .derivatives).closes)
    }

    private func weeklyExpiries(from first: CalendarDate, calendar: TradingCalendar) -> [CalendarDate] {
        var monday = first.advanced(byDays: -first.weekday.rawValue)
        var dates: [CalendarDate] = []
        while dates.count < OptionListing.weeklies, let weekday = weekly[monday] {
            let date = calendar.expiryDay(onOrBefore: monday.advanced(byDays: weekday.rawValue))
            if date >= first { dates.append(date) }
            monday = monday.advanced(byDays: 7)
        }
        return dates
    }

    private func monthlyExpiries(from first: CalendarDate, calendar: TradingCalendar) -> [CalendarDate] {
        let (year, month, _) = first.parts
        var wanted = [OptionListing.monthlies, 0, 0]
        if isLongDated { wanted = [OptionListing.monthlies, OptionListing.quarters, OptionListing.halfYears] }
        var dates: [CalendarDate] = []
        var number = year * 12 + month - 1
        while wanted.contains(where: { $0 > 0 }) {
            let monthOfYear = number % 12 + 1
            let date = monthlyExpiry(year: number / 12, month: monthOfYear, calendar: calendar)
            number += 1
            guard date >= first else { continue }
            let kinds = [true, monthOfYear % 3 == 0, monthOfYear % 6 == 0]
            guard let kind = kinds.indices.first(where: { kinds[$0] && wanted[$0] > 0 }) else { continue }
            wanted[kind] -= 1
            dates.append(date)
        }
        return dates
    }

    /// The monthly expiry of a month: its last such weekday, or the trading day before where that is a holiday.
    public func monthlyExpiry(year: Int, month: Int, calendar: TradingCalendar = .nse) -> CalendarDate {
        let next = month == 12 ? (year + 1, 1) : (year, month + 1)
        let after = CalendarDate(year: next.0, month: next.1, day: 1) ?? CalendarDate(daysSinceEpoch: 0)
        let last = after.advanced(byDays: -1)
        let back = (last.weekday.rawValue - monthly[last].rawValue + 7) % 7
        return calendar.expiryDay(onOrBefore: last.advanced(byDays: -back))
    }
}
