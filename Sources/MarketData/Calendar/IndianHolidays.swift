/// The weekdays on which NSE and BSE do not trade as usual.
///
/// From the exchanges' yearly lists of trading holidays (NSE holiday-master, segment FO). Years without a list here
/// have the holidays that fall on the same date every year, and no others. A calendar file adds to them and takes away.
public struct IndianHolidays: Sendable {
    /// Month times 100 plus day, by year.
    let lists: [Int: Set<Int>]
    /// Weekdays without trading that no list has.
    var added: Set<CalendarDate> = []
    /// Days on a list that are trading days after all.
    var removed: Set<CalendarDate> = []
    /// Years of which `added` is said to hold every holiday that has no list here.
    var wholeYears: Set<Int> = []

    /// Whether a weekday is a trading holiday.
    public func contains(_ date: CalendarDate) -> Bool {
        if added.contains(date) { return true }
        if removed.contains(date) { return false }
        let (year, month, day) = date.parts
        let everyYear = wholeYears.contains(year) ? [] : IndianHolidays.everyYear
        return (lists[year] ?? everyYear).contains(month * 100 + day)
    }

    /// Whether the whole list of a year's holidays is known.
    func isListed(_ year: Int) -> Bool { lists[year] != nil || wholeYears.contains(year) }

    /// Whether a weekday is a trading holiday, by the tables in force.
    public static func contains(_ date: CalendarDate) -> Bool { ExchangeTables.current.holidays.contains(date) }

    /// The years whose whole list is known.
    public static var listedYears: [Int] {
        let holidays = ExchangeTables.current.holidays
        return Set(holidays.lists.keys).union(holidays.wholeYears).sorted()
    }

    /// The lists of the exchanges, without the holidays that fell on a weekend.
    static let builtIn = IndianHolidays(lists: [
        2020: [221, 310, 402, 406, 410, 414, 501, 525, 1002, 1116, 1130, 1225],
        2021: [126, 311, 329, 402, 414, 421, 513, 721, 819, 910, 1015, 1104, 1105, 1119],
        2022: [126, 301, 318, 414, 415, 503, 809, 815, 831, 1005, 1024, 1026, 1108],
        2023: [126, 307, 330, 404, 407, 414, 501, 629, 815, 919, 1002, 1024, 1114, 1127, 1225],
        2024: [122, 126, 308, 325, 329, 411, 417, 501, 520, 617, 717, 815, 1002, 1101, 1115, 1120, 1225],
        2025: [226, 314, 331, 410, 414, 418, 501, 815, 827, 1002, 1021, 1022, 1105, 1225],
        2026: [115, 126, 303, 326, 331, 403, 414, 501, 528, 626, 914, 1002, 1020, 1110, 1124, 1225],
    ])

    /// Republic Day, Maharashtra Day, Independence Day, Gandhi's birthday, Christmas.
    private static let everyYear: Set<Int> = [126, 501, 815, 1002, 1225]
}
