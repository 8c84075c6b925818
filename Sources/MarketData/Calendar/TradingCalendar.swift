public import Foundation

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
        /// Monday to Friday; the holidays are not known.
        case weekdays
        /// Those of the exchange tables in force; `open` and `closed` overrule them.
        case indian(open: Set<CalendarDate>, closed: Set<CalendarDate>)
    }

    /// The exchange's clock.
    public enum Clock: Sendable {
        /// Ahead of UTC by a number of seconds, all year.
        case ahead(seconds: Int64)
        /// By a zone, which may have summer time.
        case zone(TimeZone)
    }

    let clock: Clock
    let days: Days
    let cash: DatedTable<SessionHours>
    let derivatives: DatedTable<SessionHours>
    let tables: ExchangeTables

    /// A calendar from its parts.
    public init(
        days: Days,
        cash: DatedTable<SessionHours>,
        derivatives: DatedTable<SessionHours>,
        clock: Clock = .ahead(seconds: IndianTime.offsetSeconds),
        tables: ExchangeTables = .current
    ) {
        self.days = days
        self.cash = cash
        self.derivatives = derivatives
        self.clock = clock
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
        return TradingCalendar(days: .all, cash: hours, derivatives: hours, clock: .ahead(seconds: utcOffsetSeconds))
    }

    /// The same hours from Monday to Friday, on the clock of a zone.
    public static func weekdays(_ hours: SessionHours, in zone: TimeZone) -> TradingCalendar {
        let hours = DatedTable(hours)
        return TradingCalendar(days: .weekdays, cash: hours, derivatives: hours, clock: .zone(zone))
    }

    /// Whether there is trading on a day, even if only in a special session.
    public func isTradingDay(_ date: CalendarDate) -> Bool {
        switch days {
        case .all: return true
        case .weekdays: return date.weekday != .saturday && date.weekday != .sunday
        case .indian(let open, let closed):
            if open.contains(date) { return true }
            if closed.contains(date) { return false }
            return tables.isTradingDay(date)
        }
    }

    /// Whether a day trades as days usually do, and not in a special session.
    func isUsualTradingDay(_ date: CalendarDate) -> Bool {
        guard case .indian(let open, let closed) = days else { return isTradingDay(date) }
        if open.contains(date) { return true }
        if closed.contains(date) { return false }
        return tables.isUsualTradingDay(date)
    }

    /// The hours of a segment on a day, as if it were a trading day; those of a special session where there is one.
    public func hours(on date: CalendarDate, segment: Segment = .cash) -> SessionHours {
        if case .indian = days, let special = tables.specialSessions[date] { return special }
        return switch segment {
        case .cash: cash[date]
        case .derivatives: derivatives[date]
        case .currency: SessionHours.indianCurrency
        }
    }

    /// The session of a day; `nil` if there is no trading.
    public func session(on date: CalendarDate, segment: Segment = .cash) -> TradingSession? {
        guard isTradingDay(date) else { return nil }
        let hours = hours(on: date, segment: segment)
        return TradingSession(
            date: date, opens: timestamp(date, hours.opens), closes: timestamp(date, hours.closes)
        )
    }

    /// The instant at which the exchange's clock shows a time on a date.
    public func timestamp(_ date: CalendarDate, _ time: ClockTime) -> Timestamp {
        let shown = Int64(date.daysSinceEpoch) * 86_400 + Int64(time.secondsAfterMidnight)
        // The offset that holds then may differ from the one that holds where UTC shows that time.
        let near = Timestamp(seconds: shown - utcOffset(at: Timestamp(seconds: shown)))
        return Timestamp(seconds: shown - utcOffset(at: near))
    }

    /// The date on the exchange's clock at an instant.
    public func date(at time: Timestamp) -> CalendarDate {
        CalendarDate.split(seconds: time.seconds + utcOffset(at: time)).date
    }

    /// Seconds that the exchange's clock is ahead of UTC at an instant.
    func utcOffset(at time: Timestamp) -> Int64 {
        switch clock {
        case .ahead(let seconds): seconds
        case .zone(let zone): Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time.seconds))))
        }
    }
}

extension TradingCalendar {
    /// The limit of a search for a trading day; no exchange stays closed that long.
    private static let longestClosure = 60

    /// The day itself if there is trading, otherwise the last trading day before it.
    public func tradingDay(onOrBefore date: CalendarDate) -> CalendarDate {
        nearest(from: date, step: -1)
    }

    /// The day itself if there is trading, otherwise the first trading day after it.
    public func tradingDay(onOrAfter date: CalendarDate) -> CalendarDate {
        nearest(from: date, step: 1)
    }

    /// The last trading day before a day.
    public func tradingDay(before date: CalendarDate) -> CalendarDate {
        tradingDay(onOrBefore: date.advanced(byDays: -1))
    }

    /// The first trading day after a day.
    public func tradingDay(after date: CalendarDate) -> CalendarDate {
        tradingDay(onOrAfter: date.advanced(byDays: 1))
    }

    /// The day on which options expire that would expire on a day: that day, or the last one before it that trades as
    /// usual. Nothing expires in a special session.
    func expiryDay(onOrBefore date: CalendarDate) -> CalendarDate {
        var day = date
        for _ in 0..<TradingCalendar.longestClosure {
            if isUsualTradingDay(day) { return day }
            day = day.advanced(byDays: -1)
        }
        return day
    }

    /// The trading of the day while there is some, from its first opening to its last close; `nil` outside, and in a
    /// pause between two sessions.
    public func session(containing time: Timestamp, segment: Segment = .cash) -> TradingSession? {
        let date = date(at: time)
        guard let session = session(on: date, segment: segment), session.contains(time) else { return nil }
        let isPaused = hours(on: date, segment: segment).pauses.contains { pause in
            timestamp(date, pause.from) <= time && time < timestamp(date, pause.to)
        }
        return isPaused ? nil : session
    }

    /// The newest session that has opened by an instant, whether or not it is over.
    public func latestSession(at time: Timestamp, segment: Segment = .cash) -> TradingSession {
        let today = date(at: time)
        if let session = session(on: today, segment: segment), session.opens <= time { return session }
        return knownSession(on: tradingDay(before: today), segment: segment)
    }

    /// The first session that opens after an instant.
    public func nextSession(after time: Timestamp, segment: Segment = .cash) -> TradingSession {
        let today = date(at: time)
        if let session = session(on: today, segment: segment), time < session.opens { return session }
        return knownSession(on: tradingDay(after: today), segment: segment)
    }

    private func nearest(from date: CalendarDate, step: Int) -> CalendarDate {
        var day = date
        for _ in 0..<TradingCalendar.longestClosure {
            if isTradingDay(day) { return day }
            day = day.advanced(byDays: step)
        }
        return day
    }

    func knownSession(on date: CalendarDate, segment: Segment) -> TradingSession {
        let hours = hours(on: date, segment: segment)
        return TradingSession(
            date: date, opens: timestamp(date, hours.opens), closes: timestamp(date, hours.closes)
        )
    }
}

extension TradingCalendar {
    /// How much a calendar knows of a day.
    public enum Evidence: Hashable, Sendable {
        /// The day is listed as a trading day with its hours: bars of its sessions must exist.
        case trading
        /// The day is listed as closed. A special session that was announced later is still possible, so this is not
        /// proof that nothing was traded.
        case closed
        /// The holidays of the year, or the hours of the segment, are not listed.
        case unlisted
    }

    /// What the calendar knows of a day in a segment.
    ///
    /// A calendar says which bars must exist, never that none exists elsewhere: of what lies outside its sessions only
    /// a source's response is proof, and bars that a source sends for it are real.
    public func evidence(for date: CalendarDate, segment: Segment = .cash) -> Evidence {
        switch days {
        case .all: return .trading
        case .weekdays: return .unlisted
        case .indian(let open, let closed): return evidence(for: date, segment: segment, open: open, closed: closed)
        }
    }

    private func evidence(
        for date: CalendarDate, segment: Segment, open: Set<CalendarDate>, closed: Set<CalendarDate>
    ) -> Evidence {
        guard segment != .currency else { return .unlisted }
        if closed.contains(date) { return .closed }
        if open.contains(date) || tables.specialSessions[date] != nil { return .trading }
        guard tables.holidays.isListed(date.parts.year) else { return .unlisted }
        return tables.isTradingDay(date) ? .trading : .closed
    }

    /// Whether the bars of a day's sessions must exist: only then may the calendar prove that nothing is missing, or
    /// that something is.
    public func isEvidence(for date: CalendarDate, segment: Segment = .cash) -> Bool {
        evidence(for: date, segment: segment) == .trading
    }

    /// The sessions of a day, ascending; empty where there is no trading.
    public func sessions(on date: CalendarDate, segment: Segment = .cash) -> [TradingSession] {
        guard isTradingDay(date) else { return [] }
        let hours = hours(on: date, segment: segment)
        let ends = [hours.opens] + hours.pauses.flatMap { [$0.from, $0.to] } + [hours.closes]
        return stride(from: 0, to: ends.count, by: 2).map { index in
            TradingSession(date: date, opens: timestamp(date, ends[index]), closes: timestamp(date, ends[index + 1]))
        }
    }

    /// The spans of a day in which bars must exist: its sessions without the closing auction; empty where the day is
    /// not listed as a trading day.
    public func expectedSpans(on date: CalendarDate, segment: Segment = .cash) -> [TimeRange] {
        guard isEvidence(for: date, segment: segment) else { return [] }
        let end = timestamp(date, hours(on: date, segment: segment).continuousUntil)
        return sessions(on: date, segment: segment).compactMap { session in
            let to = min(session.closes, end)
            return session.opens < to ? TimeRange(from: session.opens, to: to) : nil
        }
    }

    /// Whether an instant lies in a session and not in its closing auction.
    public func tradesContinuously(at time: Timestamp, segment: Segment = .cash) -> Bool {
        guard let session = session(containing: time, segment: segment) else { return false }
        return time < timestamp(session.date, hours(on: session.date, segment: segment).continuousUntil)
    }

    /// The newest session that has opened by an instant, of several on a day the last such one.
    public func latestPart(at time: Timestamp, segment: Segment) -> TradingSession {
        let day = latestSession(at: time, segment: segment)
        guard !hours(on: day.date, segment: segment).pauses.isEmpty else { return day }
        return sessions(on: day.date, segment: segment).last { $0.opens <= time } ?? day
    }

    /// The first session that opens after an instant, of several on a day the first such one.
    public func nextPart(after time: Timestamp, segment: Segment) -> TradingSession {
        let today = date(at: time)
        if isTradingDay(today), !hours(on: today, segment: segment).pauses.isEmpty,
            let part = sessions(on: today, segment: segment).first(where: { time < $0.opens })
        {
            return part
        }
        let day = nextSession(after: time, segment: segment)
        guard !hours(on: day.date, segment: segment).pauses.isEmpty else { return day }
        return sessions(on: day.date, segment: segment).first ?? day
    }
}

extension TradingCalendar {
    /// When the options of an expiry day cease to trade: the close of derivatives trading on that day.
    public func expiryClose(_ expiry: CalendarDate) -> Timestamp {
        timestamp(expiry, hours(on: expiry, segment: .derivatives).closes)
    }

    /// Years of 365 days from an instant to the close of derivatives trading on the expiry day, by the hours of that
    /// day (at NSE 15:30, and 15:40 since 2026-08-03).
    ///
    /// Unknown once that close has come.
    public func yearsToExpiry(_ expiry: CalendarDate, from time: Timestamp) -> ComputedValue<Double> {
        let close = expiryClose(expiry)
        guard time < close else { return .unknown(reason: "the options of \(expiry) expired at \(close)") }
        return .known(Double(close.milliseconds - time.milliseconds) / (365 * 86_400_000))
    }
}
