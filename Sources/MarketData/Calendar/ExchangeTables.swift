import Synchronization

/// What is known of the Indian exchanges by date: holidays, special sessions, hours, expiry weekdays, lots and strike
/// steps. Made from the tables built in here, with those of a calendar file over them.
public final class ExchangeTables: Sendable {
    /// The weekdays without trading.
    let holidays: IndianHolidays
    /// Days that trade at hours of their own, on whatever day of the week.
    let specialSessions: [CalendarDate: SessionHours]
    /// The hours of shares and indices.
    let cash: DatedTable<SessionHours>
    /// The hours of futures and options.
    let derivatives: DatedTable<SessionHours>
    /// What is listed, by underlying.
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

    /// The tables by which everything goes that is not given a calendar of its own.
    public static var current: ExchangeTables { inForce.withLock { $0 } }

    /// Puts tables in force for the whole process, once and before anything else: calendars made earlier keep theirs.
    public static func install(_ tables: ExchangeTables) { inForce.withLock { $0 = tables } }

    /// Whether there is trading on a day, be it only for an hour.
    func isTradingDay(_ date: CalendarDate) -> Bool { specialSessions[date] != nil || isUsualTradingDay(date) }

    /// Whether a day trades as days usually do; options expire on no other.
    func isUsualTradingDay(_ date: CalendarDate) -> Bool {
        specialSessions[date] == nil && date.weekday.rawValue < Weekday.saturday.rawValue && !holidays.contains(date)
    }
}
