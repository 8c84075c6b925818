/// Days on which NSE traded at hours of its own: the hour of Muhurat at Diwali, weekends of the Union Budget and of tests
/// of the standby site, and a day of an outage. Shares and derivatives trade alike, and BSE with them but for the outage.
///
/// From the exchanges' circulars. A session to come is announced a few weeks before; a calendar file names it until it
/// stands here. The list is never known to be whole: bars on other days are as real (`TradingCalendar.evidence`).
enum SpecialSessions {
    static let builtIn: [CalendarDate: SessionHours] = Dictionary(
        lists.compactMap { entry in
            guard let date = CalendarDate(entry.date), let hours = SessionHours(entry.hours) else { return nil }
            return (date, hours)
        }, uniquingKeysWith: { first, _ in first })

    /// The tests check that no entry is lost to a mistyped date.
    static let lists: [(date: String, hours: String)] = [
        // The Union Budget.
        ("2020-02-01", "09:15-15:30"), ("2025-02-01", "09:15-15:30"), ("2026-02-01", "09:15-15:30"),
        // Muhurat.
        ("2019-10-27", "18:15-19:15"),
        ("2020-11-14", "18:15-19:15"), ("2021-11-04", "18:15-19:15"), ("2022-10-24", "18:15-19:15"),
        ("2023-11-12", "18:15-19:15"), ("2024-11-01", "18:00-19:00"), ("2025-10-21", "13:45-14:45"),
        // A Saturday in place of the Monday after it, which became a holiday at short notice.
        ("2024-01-20", "09:15-15:30"),
        // Tests of the standby site, with two short sessions.
        ("2024-03-02", "09:15-10:00,11:30-12:30"), ("2024-05-18", "09:15-10:00,11:30-12:30"),
        // NSE could not trade from 11:40 on and made up for it in the afternoon.
        ("2021-02-24", "09:15-11:40,15:45-17:00"),
    ]
}
