/// On which days, and from when to when, an exchange trades.
public struct TradingCalendar: Sendable {
    /// The part of an exchange whose hours differ from another's.
    public enum Segment: String, CaseIterable, Sendable {
        /// Shares and indices.
        case cash
        /// Futures and options on them.
        case derivatives
        /// Futures and options on currencies, whose holidays are not listed here.
        case currency
    }

    /// Which days are trading days.
    public enum Days: Sendable {
        /// Every day of the year.
        case all
        /// Those of the exchange tables in force; `open` and `closed` overrule them.
        case indian(open: Set<CalendarDate>, closed: Set<CalendarDate>)
    }

    /// Seconds that the exchange's clock is ahead of UTC, all year.
    public let utcOffsetSeconds: Int64
    let days: Days
    let cash: DatedTable<SessionHours>
    let derivatives: DatedTable<SessionHours>
    let tables: ExchangeTables

    /// A calendar from its parts.
    public init(
        days: Days,
        cash: DatedTable<SessionHours>,
        derivatives: DatedTable<SessionHours>,
        utcOffsetSeconds: Int64 = IndianTime.offsetSeconds,
        tables: ExchangeTables = .current
    ) {
        self.days = days
        self.cash = cash
        self.derivatives = derivatives
        self.utcOffsetSeconds = utcOffsetSeconds
        self.tables = tables
    }

    /// The National Stock Exchange of India, by the tables in force. BSE trades on the same days and hours.
    public static var nse: TradingCalendar { nse(open: [], closed: []) }

    /// The same with special trading days (such as a Saturday of the Union Budget) and days closed at short notice.
    public static func nse(open: Set<CalendarDate>, closed: Set<CalendarDate>) -> TradingCalendar {
        nse(.current, open: open, closed: closed)
    }

    /// The same by tables of the caller's.
    public static func nse(
        _ tables: ExchangeTables, open: Set<CalendarDate> = [], closed: Set<CalendarDate> = []
    ) -> TradingCalendar {
        TradingCalendar(
            days: .indian(open: open, closed: closed), cash: tables.cash, derivatives: tables.derivatives,
            tables: tables)
    }

    /// A market that never shuts; its days end at midnight of a clock, by default India's.
    public static func continuous(utcOffsetSeconds: Int64 = IndianTime.offsetSeconds) -> TradingCalendar {
        let hours = DatedTable(SessionHours.wholeDay)
        return TradingCalendar(days: .all, cash: hours, derivatives: hours, utcOffsetSeconds: utcOffsetSeconds)
    }

    /// Whether there is trading on a day, be it only in a special session.
    public func isTradingDay(_ date: CalendarDate) -> Bool {
        guard case .indian(let open, let closed) = days else { return true }
        if open.contains(date) { return true }
        if closed.contains(date) { return false }
        return tables.isTradingDay(date)
    }

    /// Whether a day trades as days usually do, and not in a special session.
    func isUsualTradingDay(_ date: CalendarDate) -> Bool {
        guard case .indian(let open, let closed) = days else { return true }
        if open.contains(date) { return true }
        if closed.contains(date) { return false }
        return tables.isUsualTradingDay(date)
    }

    /// The hours of a segment on a day, were it a trading day; those of a special session where there is one.
    public func hours(on date: CalendarDate, segment: Segment = .cash) -> SessionHours {
        if case .indian = days, let special = tables.specialSessions[date] { return special }
        return switch segment {
        case .cash: cash[date]
        case .derivatives: derivatives[date]
        case .currency: SessionHours.indianCurrency
        }
    }

    /// The session of a day; `nil` where there is no trading.
    public func session(on date: CalendarDate, segment: Segment = .cash) -> TradingSession? {
        guard isTradingDay(date) else { return nil }
        let hours = hours(on: date, segment: segment)
        return TradingSession(
            date: date, opens: timestamp(date, hours.opens), closes: timestamp(date, hours.closes)
        )
    }

    /// The instant at which the exchange's clock shows a time on a date.
    public func timestamp(_ date: CalendarDate, _ time: ClockTime) -> Timestamp {
        let midnight = Int64(date.daysSinceEpoch) * 86_400 - utcOffsetSeconds
        return Timestamp(seconds: midnight + Int64(time.secondsAfterMidnight))
    }

    /// The date on the exchange's clock at an instant.
    public func date(at time: Timestamp) -> CalendarDate {
        CalendarDate.split(seconds: time.seconds + utcOffsetSeconds).date
    }
}
