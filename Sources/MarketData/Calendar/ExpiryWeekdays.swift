/// The weekdays on which options expire, by date and underlying.
///
/// NSE moved from Thursday to Tuesday on 2025-09-01, BSE from Tuesday to Thursday. Until November 2024, when SEBI left
/// each exchange one index with weekly options, most indices had them, each on its own weekday; their monthly options
/// followed until the end of that year. What is older than 2023 is not told of; the files of those days list it.
enum ExpiryWeekdays {
    /// The monthly options of NSE, and the weekly ones of NIFTY.
    static let nse = DatedTable(Weekday.thursday, [("2025-09-01", .tuesday)])
    static let bankNiftyMonthly = DatedTable(
        Weekday.thursday, [("2024-03-01", .wednesday), ("2025-01-01", .thursday), ("2025-09-01", .tuesday)])
    static let finNiftyMonthly = endedIn2024(.tuesday)
    static let midcapNiftyMonthly = endedIn2024(.monday)
    static let niftyNext50Monthly = endedIn2024(.friday)

    static let niftyWeekly = DatedTable<Weekday?>(.thursday, [("2025-09-01", .tuesday)])
    static let bankNiftyWeekly = DatedTable<Weekday?>(
        .thursday, [("2023-09-04", .wednesday), ("2024-11-18", nil)])
    static let finNiftyWeekly = DatedTable<Weekday?>(.tuesday, [("2024-11-25", nil)])
    static let midcapNiftyWeekly = DatedTable<Weekday?>(.monday, [("2024-11-25", nil)])

    /// BSE: Friday, Tuesday in 2025 until August, Thursday since 2025-09-01.
    static let bse = DatedTable(Weekday.friday, [("2025-01-01", .tuesday), ("2025-09-01", .thursday)])
    static let bankexMonthly = DatedTable(Weekday.monday, [("2025-01-01", .tuesday), ("2025-09-01", .thursday)])
    static let sensexWeekly = DatedTable<Weekday?>(.friday, [("2025-01-01", .tuesday), ("2025-09-01", .thursday)])
    static let bankexWeekly = DatedTable<Weekday?>(.monday, [("2024-11-25", nil)])

    static let noWeekly = DatedTable<Weekday?>(nil)

    private static func endedIn2024(_ weekday: Weekday) -> DatedTable<Weekday> {
        DatedTable(weekday, [("2025-01-01", .thursday), ("2025-09-01", .tuesday)])
    }
}
