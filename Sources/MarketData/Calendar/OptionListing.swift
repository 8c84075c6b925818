/// Which options of an underlying an Indian exchange lists: expiry days, lots and strike steps, each by date.
///
/// Sources: SEBI's rule of one weekly index an exchange (since November 2024), NSE circular FAOP/70616 of 2025-10-03
/// (lots), the move of expiries to Tuesday (NSE) and Thursday (BSE) on 2025-09-01.
public struct OptionListing: Sendable {
    /// The underlying.
    public let symbol: Symbol
    /// The weekday of weekly expiries; `nil` while there are none.
    public internal(set) var weekly: DatedTable<Weekday?>
    /// The weekday whose last one in a month is the monthly expiry.
    public internal(set) var monthly: DatedTable<Weekday>
    /// Whether contracts of quarters and half years reach up to five years ahead.
    public let isLongDated: Bool
    /// Shares a contract, by the day the contract expires.
    public internal(set) var lots: DatedTable<Int>
    /// The distance between strikes near the spot, in rupees.
    public internal(set) var strikeStep: Double

    /// Shares in a contract that expires on a day.
    public func lotSize(expiring date: CalendarDate) -> Int { lots[date] }
}

extension OptionListing {
    /// The contracts listed on an underlying, by the tables in force; `nil` if there are no options, or none that are
    /// known.
    public static func of(_ symbol: Symbol) -> OptionListing? { ExchangeTables.current.listings[symbol] }

    /// The underlyings that are known.
    public static var symbols: [Symbol] { ExchangeTables.current.listings.keys.sorted() }

    static let builtIn: [OptionListing] = [
        nse("NIFTY", LotSizes.nifty, step: 50, weekly: ExpiryWeekdays.niftyWeekly, isLongDated: true),
        nse(
            "BANKNIFTY", LotSizes.bankNifty, step: 100, weekly: ExpiryWeekdays.bankNiftyWeekly,
            monthly: ExpiryWeekdays.bankNiftyMonthly),
        nse(
            "FINNIFTY", LotSizes.finNifty, step: 50, weekly: ExpiryWeekdays.finNiftyWeekly,
            monthly: ExpiryWeekdays.finNiftyMonthly),
        nse(
            "MIDCPNIFTY", LotSizes.midcapNifty, step: 25, weekly: ExpiryWeekdays.midcapNiftyWeekly,
            monthly: ExpiryWeekdays.midcapNiftyMonthly),
        nse("NIFTYNXT50", LotSizes.niftyNext50, step: 100, monthly: ExpiryWeekdays.niftyNext50Monthly),
        bse("SENSEX", LotSizes.sensex, weekly: ExpiryWeekdays.sensexWeekly, monthly: ExpiryWeekdays.bse),
        bse("BANKEX", LotSizes.bankex, weekly: ExpiryWeekdays.bankexWeekly, monthly: ExpiryWeekdays.bankexMonthly),
        nse("RELIANCE", LotSizes.reliance, step: 10),
        nse("TCS", LotSizes.tcs, step: 20),
        nse("INFY", LotSizes.infosys, step: 20),
        nse("HDFCBANK", LotSizes.hdfcBank, step: 5),
        nse("SBIN", LotSizes.stateBank, step: 5),
    ]

    private static func nse(
        _ ticker: String, _ lots: DatedTable<Int>, step: Double,
        weekly: DatedTable<Weekday?> = ExpiryWeekdays.noWeekly, monthly: DatedTable<Weekday> = ExpiryWeekdays.nse,
        isLongDated: Bool = false
    ) -> OptionListing {
        OptionListing(
            symbol: Symbol(exchange: "NSE", ticker: ticker), weekly: weekly, monthly: monthly,
            isLongDated: isLongDated, lots: lots, strikeStep: step
        )
    }

    private static func bse(
        _ ticker: String, _ lots: DatedTable<Int>, weekly: DatedTable<Weekday?>, monthly: DatedTable<Weekday>
    ) -> OptionListing {
        OptionListing(
            symbol: Symbol(exchange: "BSE", ticker: ticker), weekly: weekly, monthly: monthly,
            isLongDated: false, lots: lots, strikeStep: 100
        )
    }
}

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

extension OpenInterestSnapshot {
    /// The distance between the strikes near the spot, found in the strikes themselves: the commonest one
    /// among the ten on either side of it, the smaller of two as common; `nil` for fewer than two strikes.
    ///
    /// A table cannot say it: the steps widen away from the spot (at NIFTY from 50 to 500 and 1,000), and a share's
    /// strikes step by odd fractions after a corporate action.
    public var strikeStep: Strike? {
        let sorted = strikes.map(\.strike)
        guard sorted.count > 1 else { return nil }
        let center = atTheMoney.flatMap { sorted.firstIndex(of: $0) } ?? sorted.count / 2
        let near = sorted[max(0, center - 10)...min(sorted.count - 1, center + 10)]
        var counts: [Int64: Int] = [:]
        for (lower, upper) in zip(near, near.dropFirst()) {
            counts[upper.tenThousandths - lower.tenThousandths, default: 0] += 1
        }
        let best = counts.max { left, right in
            left.value == right.value ? left.key > right.key : left.value < right.value
        }
        return best.map { Strike(tenThousandths: $0.key) }
    }
}
