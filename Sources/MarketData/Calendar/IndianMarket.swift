/// The calendar and the trading hours of an instrument on one of India's exchanges.
public enum IndianMarket {
    /// Whether the calendar built in is that of an exchange: NSE and BSE. MCX and NCDEX keep others.
    public static func keepsCalendar(_ exchange: String) -> Bool { exchange == "NSE" || exchange == "BSE" }

    /// Whether an instrument whose source states these hours keeps those of shares and their derivatives: from 09:15
    /// to between 15:15 (continuous trading in shares since 2026-08-03) and 15:40 (derivatives since then), whatever
    /// the text says of other dates. Invalid text counts as other hours.
    public static func isUsualSession(_ session: String) -> Bool {
        guard let text = SessionText(session) else { return false }
        return text.eras.allSatisfy { era in
            Weekday.allCases.prefix(5).allSatisfy { day in
                guard let spans = era.hours[day], spans.count == 1, let only = spans.first else { return false }
                return only.from == usualOpening && usualCloses.contains(only.to)
            }
        }
    }

    /// Whether an instrument is listed at NSE or BSE and has their usual hours, or none are reported.
    public static func keepsUsualHours(_ symbol: Symbol, session: String?) -> Bool {
        keepsCalendar(symbol.exchange) && (session.map(isUsualSession) ?? true)
    }

    private static let usualOpening = 9 * 3600 + 15 * 60
    private static let usualCloses = (15 * 3600 + 15 * 60)...(15 * 3600 + 40 * 60)

    /// The pairs whose futures and options trade from 09:00 to 17:00.
    private static let currencyPairs: Set<String> = [
        "USDINR", "EURINR", "GBPINR", "JPYINR", "EURUSD", "GBPUSD", "USDJPY",
    ]

    static func isCurrencyPair(_ name: String) -> Bool { currencyPairs.contains(name) }
}

extension Symbol {
    /// The segment of NSE or BSE by the name alone: contracts are derivatives (or currency), all else is cash.
    public var segment: TradingCalendar.Segment { segment(type: nil) }

    /// The segment of NSE or BSE by the source's word for the instrument's type (`index`, `futures`, ...), where it has
    /// one, otherwise by the name.
    public func segment(type: String?) -> TradingCalendar.Segment {
        let contract = ContractName(ticker)
        if IndianMarket.isCurrencyPair(contract?.root ?? ticker) { return .currency }
        switch type {
        case "futures", "future", "option", "options": return .derivatives
        case "forex": return .currency
        case "index", "stock", "fund", "etf", "dr", "bond": return .cash
        default: return contract == nil ? .cash : .derivatives
        }
    }
}

extension Instrument {
    /// The segment of NSE or BSE that the instrument belongs to.
    public var segment: TradingCalendar.Segment { symbol.segment(type: type) }
}

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
    /// Years without a built-in list for which `added` holds every holiday.
    var wholeYears: Set<Int> = []

    /// Whether a weekday is a trading holiday.
    public func contains(_ date: CalendarDate) -> Bool {
        if added.contains(date) { return true }
        if removed.contains(date) { return false }
        let (year, month, day) = date.parts
        let everyYear = wholeYears.contains(year) ? [] : IndianHolidays.everyYear
        return (lists[year] ?? everyYear).contains(month * 100 + day)
    }

    /// Whether the list of a year's holidays is complete.
    func isListed(_ year: Int) -> Bool { lists[year] != nil || wholeYears.contains(year) }

    /// Whether a weekday is a trading holiday, by the tables in force.
    public static func contains(_ date: CalendarDate) -> Bool { ExchangeTables.current.holidays.contains(date) }

    /// The years with a complete list.
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

/// India Standard Time: UTC+05:30 all year, without summer time since 1945 (IANA zone `Asia/Kolkata`).
public enum IndianTime {
    /// Seconds ahead of UTC.
    public static let offsetSeconds: Int64 = 19_800
    /// The IANA name.
    public static let zone = "Asia/Kolkata"

    /// The date and the time of day in India at an instant.
    public static func split(_ time: Timestamp) -> (date: CalendarDate, time: ClockTime) {
        let (date, second) = CalendarDate.split(seconds: time.seconds + offsetSeconds)
        return (date, ClockTime(secondsAfterMidnight: Int(second)))
    }

    /// The date in India at an instant.
    public static func date(_ time: Timestamp) -> CalendarDate { split(time).date }

    /// The instant at which the clocks of India show a time on a date.
    public static func timestamp(_ date: CalendarDate, _ time: ClockTime) -> Timestamp {
        Timestamp(seconds: Int64(date.daysSinceEpoch) * 86_400 + Int64(time.secondsAfterMidnight) - offsetSeconds)
    }
}
