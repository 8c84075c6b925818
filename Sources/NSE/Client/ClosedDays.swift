import MarketData

/// Which trading days were over by when: a day's file holds its close, and only that.
struct ClosedDays {
    let calendar: TradingCalendar

    /// The newest trading day whose derivatives had closed by an instant.
    func latest(by time: Timestamp) -> CalendarDate {
        let session = calendar.latestSession(at: time, segment: .derivatives)
        return session.closes <= time ? session.date : calendar.tradingDay(before: session.date)
    }

    /// The trading days that closed within a range, in order.
    func days(within range: TimeRange) -> [CalendarDate] {
        var days: [CalendarDate] = []
        var day = latest(by: Timestamp(milliseconds: range.to.milliseconds - 1))
        while range.from <= close(of: day), days.count <= ClosedDays.most {
            days.append(day)
            day = calendar.tradingDay(before: day)
        }
        return days.reversed()
    }

    /// When the derivatives of a trading day closed.
    func close(of day: CalendarDate) -> Timestamp {
        calendar.timestamp(day, calendar.hours(on: day, segment: .derivatives).closes)
    }

    /// How many days one question may reach over: a quarter of a year.
    static let most = 66
}
