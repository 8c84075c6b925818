/// The weekdays on which options expire, by date.
enum ExpiryWeekdays {
    /// NSE: Thursday, Tuesday since 2025-09-01.
    static let nse = DatedTable(Weekday.thursday, [("2025-09-01", .tuesday)])

    /// BSE: Friday, Tuesday in 2025 until August, Thursday since 2025-09-01.
    static let bse = DatedTable(Weekday.friday, [("2025-01-01", .tuesday), ("2025-09-01", .thursday)])
}
