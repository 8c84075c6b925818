import Synchronization

/// The rules of the Indian exchanges by date: holidays, special sessions, hours, expiry weekdays, lots and strike
/// steps. Made from the tables built in here, with those of a calendar file over them.
public final class ExchangeTables: Sendable {
    /// The weekdays without trading.
    let holidays: IndianHolidays
    /// Days with their own trading hours, on any day of the week.
    let specialSessions: [CalendarDate: SessionHours]
    /// The hours of shares and indices.
    let cash: DatedTable<SessionHours>
    /// The hours of futures and options.
    let derivatives: DatedTable<SessionHours>
    /// The listed contracts, by underlying.
    let listings: [Symbol: OptionListing]
    /// Shares a contract by the day it expires, by underlying; also of those of which nothing else is known.
    let lots: [Symbol: DatedTable<Int?>]

    init(
        holidays: IndianHolidays, specialSessions: [CalendarDate: SessionHours], cash: DatedTable<SessionHours>,
        derivatives: DatedTable<SessionHours>, listings: [Symbol: OptionListing], lots: [Symbol: DatedTable<Int?>]
    ) {
        self.holidays = holidays
        self.specialSessions = specialSessions
        self.cash = cash
        self.derivatives = derivatives
        self.listings = listings
        self.lots = lots
    }

    /// What this program knows by itself.
    public static let builtIn: ExchangeTables = {
        let listings = Dictionary(
            OptionListing.builtIn.map { ($0.symbol, $0) }, uniquingKeysWith: { first, _ in first })
        return ExchangeTables(
            holidays: .builtIn, specialSessions: SpecialSessions.builtIn, cash: SessionHours.indianCash,
            derivatives: SessionHours.indianDerivatives, listings: listings,
            lots: listings.mapValues { $0.lots.map(Optional.some) })
    }()

    private static let inForce = Mutex(builtIn)

    /// The tables used by everything without its own calendar.
    public static var current: ExchangeTables { inForce.withLock { $0 } }

    /// Sets the tables for the whole process. Calendars created earlier keep theirs.
    public static func install(_ tables: ExchangeTables) { inForce.withLock { $0 = tables } }

    /// Whether there is trading on a day, even if only for an hour.
    func isTradingDay(_ date: CalendarDate) -> Bool { specialSessions[date] != nil || isUsualTradingDay(date) }

    /// Whether a day trades as days usually do; options expire on no other.
    func isUsualTradingDay(_ date: CalendarDate) -> Bool {
        specialSessions[date] == nil && date.weekday.rawValue < Weekday.saturday.rawValue && !holidays.contains(date)
    }
}

/// Values with the days from which they apply, such as session hours, lots and expiry weekdays.
public struct DatedTable<Value: Sendable>: Sendable {
    /// A value and the first day on which it holds.
    public struct Entry: Sendable {
        /// The first day.
        public let since: CalendarDate
        /// What holds from then on.
        public let value: Value
    }

    /// Ascending by day.
    public let entries: [Entry]

    /// A table with an initial value and later ones by their first day, `YYYY-MM-DD`.
    ///
    /// Text that is not a date is skipped; the tests check that no table loses an entry.
    public init(_ first: Value, _ later: [(since: String, value: Value)] = []) {
        let start = Entry(since: CalendarDate(daysSinceEpoch: .min), value: first)
        let rest = later.compactMap { entry in
            CalendarDate(entry.since).map { Entry(since: $0, value: entry.value) }
        }
        entries = [start] + rest.sorted { $0.since < $1.since }
    }

    init(entries: [Entry]) { self.entries = entries }

    /// This table with other entries merged in; those of the same day replace its own.
    func overlaid(with later: [CalendarDate: Value]) -> DatedTable {
        let kept = entries.filter { later[$0.since] == nil }
        let added = later.map { Entry(since: $0.key, value: $0.value) }
        return DatedTable(entries: (kept + added).sorted { $0.since < $1.since })
    }

    /// The same days with other values.
    func map<Other>(_ change: (Value) -> Other) -> DatedTable<Other> {
        DatedTable<Other>(entries: entries.map { .init(since: $0.since, value: change($0.value)) })
    }

    /// What holds on a day.
    public subscript(date: CalendarDate) -> Value {
        var index = entries.count - 1
        while index > 0, date < entries[index].since { index -= 1 }
        return entries[index].value
    }
}

/// The weekdays on which options expire, by date and underlying.
///
/// NSE moved from Thursday to Tuesday on 2025-09-01, BSE from Tuesday to Thursday. Until November 2024, when SEBI left
/// each exchange one index with weekly options, most indices had them, each on its own weekday; their monthly options
/// followed until the end of that year. Expiries before 2023 are not in this table; the files of those days list them.
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

/// Shares a contract, by the day the contract expires.
///
/// Since November 2024: NSE circulars of 2024-10 and FAOP/70616 of 2025-10-03. Older rules, and the lots of single
/// shares, are from fixtures and recollection; NSE's `fo_mktlots.csv` and its daily files are the authority, and a
/// calendar file takes precedence over this table.
public enum LotSizes {
    /// The lot of an underlying's contracts that expire on a day, by the tables in force; `nil` if unknown.
    public static func size(of symbol: Symbol, expiring date: CalendarDate) -> Int? {
        ExchangeTables.current.lots[symbol]?[date] ?? nil
    }

    static let nifty = DatedTable(50, [("2024-04-26", 25), ("2024-11-20", 75), ("2025-12-31", 65)])
    static let bankNifty = DatedTable(15, [("2024-11-20", 30), ("2025-07-01", 35), ("2025-12-31", 30)])
    static let finNifty = DatedTable(40, [("2024-04-26", 25), ("2024-11-20", 65), ("2025-12-31", 60)])
    static let midcapNifty = DatedTable(
        75, [("2024-04-26", 50), ("2024-11-20", 120), ("2025-07-01", 140), ("2025-12-31", 120)]
    )
    static let niftyNext50 = DatedTable(10, [("2024-11-20", 25)])
    static let sensex = DatedTable(10, [("2024-11-20", 20)])
    static let bankex = DatedTable(15, [("2024-11-20", 30)])
    /// Doubled by the bonus share of October 2024.
    static let reliance = DatedTable(250, [("2024-10-28", 500)])
    static let tcs = DatedTable(175)
    static let infosys = DatedTable(400)
    static let hdfcBank = DatedTable(550)
    static let stateBank = DatedTable(1500, [("2024-04-26", 750)])
}

/// Days on which NSE traded at special hours: the hour of Muhurat at Diwali, weekends of the Union Budget and of
/// tests of the standby site, and a day of an outage. Shares and derivatives trade alike, and BSE with them but for
/// the outage.
///
/// From the exchanges' circulars. A session to come is announced a few weeks before; a calendar file names it until it
/// is listed here. The list is never known to be complete: bars on other days are as real (`TradingCalendar.evidence`).
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
