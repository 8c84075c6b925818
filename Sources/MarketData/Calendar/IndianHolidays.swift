/// The weekdays on which NSE and BSE do not trade.
///
/// From the exchanges' yearly lists of trading holidays (NSE holiday-master, segment FO). Years without a list here
/// have the holidays that fall on the same date every year, and no others.
public enum IndianHolidays {
    /// Whether a weekday is a trading holiday.
    public static func contains(_ date: CalendarDate) -> Bool {
        let (year, month, day) = date.parts
        return (lists[year] ?? everyYear).contains(month * 100 + day)
    }

    /// The years whose whole list is known.
    public static var listedYears: [Int] { lists.keys.sorted() }

    /// Month times 100 plus day, by year.
    private static let lists: [Int: Set<Int>] = [
        2025: [226, 314, 331, 410, 414, 418, 501, 815, 827, 1002, 1021, 1022, 1105, 1225],
        2026: [115, 126, 303, 326, 331, 403, 414, 501, 528, 626, 914, 1002, 1020, 1110, 1124, 1225],
    ]

    /// Republic Day, Maharashtra Day, Independence Day, Gandhi's birthday, Christmas.
    private static let everyYear: Set<Int> = [126, 501, 815, 1002, 1225]
}
