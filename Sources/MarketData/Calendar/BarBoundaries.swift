/// Where the bars of an interval begin and end.
///
/// Bars within a day are counted from each session's opening (09:15 at NSE, so hours begin at a quarter past), and the
/// last one of a session may be short. Days are sessions; several days are counted from the first session of the year,
/// weeks from Monday, months from January. A bar of days, weeks or months opens with its first session and closes with
/// its last, as TradingView stamps them.
public struct BarBoundaries: Sendable {
    /// The length of a bar.
    public let interval: Interval
    /// The days and hours.
    public let calendar: TradingCalendar
    /// Whose hours.
    public let segment: TradingCalendar.Segment

    /// The boundaries of an interval on a calendar.
    public init(
        interval: Interval, calendar: TradingCalendar = .nse, segment: TradingCalendar.Segment = .cash
    ) {
        self.interval = interval
        self.calendar = calendar
        self.segment = segment
    }

    /// The bar that an instant lies in, from its opening to its close; `nil` while there is no trading.
    ///
    /// The nights within a bar of several days belong to it.
    public func bar(containing time: Timestamp) -> TimeRange? {
        let bar = latestBar(at: time)
        return bar.contains(time) ? bar : nil
    }

    /// The newest bar that has opened by an instant, whether or not it is over.
    public func latestBar(at time: Timestamp) -> TimeRange {
        guard let length = interval.seconds else {
            return period(of: calendar.latestSession(at: time, segment: segment).date).range
        }
        let session = calendar.latestPart(at: time, segment: segment)
        let newest = min(time.seconds, session.closes.seconds - 1) - session.opens.seconds
        return bar(number: newest / length, of: session, length: length)
    }

    /// The bar before the one that opens at an instant.
    public func bar(before opening: Timestamp) -> TimeRange {
        latestBar(at: Timestamp(milliseconds: opening.milliseconds - 1))
    }

    /// The first bar that opens at or after an instant.
    public func firstBar(openingAtOrAfter time: Timestamp) -> TimeRange {
        let latest = latestBar(at: time)
        if latest.from >= time { return latest }
        let end = Timestamp(milliseconds: latest.to.milliseconds - 1)
        guard let length = interval.seconds else {
            return period(of: calendar.nextSession(after: end, segment: segment).date).range
        }
        let session = calendar.latestPart(at: latest.from, segment: segment)
        guard latest.to < session.closes else {
            return bar(number: 0, of: calendar.nextPart(after: end, segment: segment), length: length)
        }
        return bar(number: (latest.to.seconds - session.opens.seconds) / length, of: session, length: length)
    }

    /// The first session and the last of the bar that holds a trading day, and the span from the opening of the one to
    /// the close of the other. For an interval within the day, that is the day's session.
    public func period(of date: CalendarDate) -> (first: TradingSession, last: TradingSession, range: TimeRange) {
        let days = tradingDays(around: date)
        let first = calendar.knownSession(on: days.first, segment: segment)
        let last = calendar.knownSession(on: days.last, segment: segment)
        return (first, last, TimeRange(from: first.opens, to: last.closes))
    }

    private func bar(number: Int64, of session: TradingSession, length: Int64) -> TimeRange {
        let opens = session.opens.advanced(bySeconds: number * length)
        return TimeRange(from: opens, to: min(opens.advanced(bySeconds: length), session.closes))
    }
}

extension BarBoundaries {
    /// The first and the last trading day of the bar that holds a trading day.
    func tradingDays(around date: CalendarDate) -> (first: CalendarDate, last: CalendarDate) {
        switch interval.unit {
        case .second, .minute, .hour: return (date, date)
        case .day where interval.count == 1: return (date, date)
        case .day: return severalDays(around: date)
        case .week, .month:
            let (first, next) = period(around: date)
            return (calendar.tradingDay(onOrAfter: first), calendar.tradingDay(before: next))
        }
    }

    /// The first day of the weeks or months that hold a day, trading or not, and the first day after them.
    func period(around date: CalendarDate) -> (first: CalendarDate, next: CalendarDate) {
        interval.period(around: date)
    }

    /// Counts trading days from the first of the year, so that a holiday learned late moves the bars of one year only.
    private func severalDays(around date: CalendarDate) -> (first: CalendarDate, last: CalendarDate) {
        let year = date.parts.year
        var number = 0
        var day = Interval.firstOfMonth(year * 12)
        var first = day
        while day <= date {
            if calendar.isTradingDay(day) {
                if number % interval.count == 0 { first = day }
                number += 1
            }
            day = day.advanced(byDays: 1)
        }
        var last = date
        while number % interval.count != 0 {
            let next = calendar.tradingDay(after: last)
            guard next.parts.year == year else { break }
            last = next
            number += 1
        }
        return (first, last)
    }
}

extension Interval {
    /// The first day of the weeks (from Monday) or months (from January) that hold a day, and the first day after them;
    /// for shorter intervals the day itself and the next.
    func period(around date: CalendarDate) -> (first: CalendarDate, next: CalendarDate) {
        switch unit {
        case .second, .minute, .hour, .day: return (date, date.advanced(byDays: 1))
        case .week:
            // 1970-01-05 was a Monday.
            let week = Int64(date.daysSinceEpoch - 4).floorDivided(by: 7)
            let start = Int(week.floorDivided(by: Int64(count))) * count
            let first = CalendarDate(daysSinceEpoch: start * 7 + 4)
            return (first, first.advanced(byDays: 7 * count))
        case .month:
            let (year, month, _) = date.parts
            let start = (year * 12 + month - 1) / count * count
            return (Interval.firstOfMonth(start), Interval.firstOfMonth(start + count))
        }
    }

    static func firstOfMonth(_ months: Int) -> CalendarDate {
        CalendarDate(year: months / 12, month: months % 12 + 1, day: 1) ?? CalendarDate(daysSinceEpoch: 0)
    }
}

extension BarBoundaries {
    /// The bar that a price of an instant belongs to, whether or not the exchange is known to trade then.
    ///
    /// Bars within the day are counted on from the day's openings, before, between and after its sessions, so that a
    /// price outside of them (before the opening, after an outage) has a bar too, and always the same one. On a day
    /// without a session they are counted from the usual opening, and a bar of days opens with its first price.
    public func place(of time: Timestamp) -> BarPlace {
        let date = calendar.date(at: time)
        guard let length = interval.seconds else { return place(of: time, on: date) }
        let sessions = calendar.sessions(on: date, segment: segment)
        let known = sessions.last { $0.opens <= time } ?? sessions.first
        let anchor = (known ?? calendar.knownSession(on: date, segment: segment)).opens
        let number = (time.seconds - anchor.seconds).floorDivided(by: length)
        let start = anchor.advanced(bySeconds: number * length)
        var reach = start.advanced(bySeconds: length)
        if let next = sessions.first(where: { $0.opens > time })?.opens { reach = min(reach, next) }
        let midnight = ClockTime(secondsAfterMidnight: 0)
        let opens = max(start, calendar.timestamp(date, midnight))
        reach = min(reach, calendar.timestamp(date.advanced(byDays: 1), midnight))
        let closes = known.map { $0.contains(time) ? min($0.closes, reach) : reach } ?? reach
        return BarPlace(bar: TimeRange(from: opens, to: closes), reach: reach)
    }

    private func place(of time: Timestamp, on date: CalendarDate) -> BarPlace {
        let (first, last, next) = days(around: date)
        let midnight = ClockTime(secondsAfterMidnight: 0)
        let reach = calendar.timestamp(next, midnight)
        guard first <= last, first <= date, calendar.isTradingDay(first) else {
            // Nothing is known to be traded so early in the bar, or in all of it.
            let closes = first <= last && calendar.isTradingDay(last) ? session(on: last).closes : reach
            return BarPlace(bar: TimeRange(from: time, to: max(closes, time)), reach: reach)
        }
        return BarPlace(bar: TimeRange(from: session(on: first).opens, to: session(on: last).closes), reach: reach)
    }

    private func session(on date: CalendarDate) -> TradingSession { calendar.knownSession(on: date, segment: segment) }

    /// The first trading day and the last of the bar that holds a day, which need not be a trading day, and the first
    /// day of the next bar. `first` lies after `last` where the bar has no trading day.
    private func days(around date: CalendarDate) -> (first: CalendarDate, last: CalendarDate, next: CalendarDate) {
        switch interval.unit {
        case .second, .minute, .hour: return (date, date, date.advanced(byDays: 1))
        case .day where interval.count == 1:
            let next = date.advanced(byDays: 1)
            return calendar.isTradingDay(date) ? (date, date, next) : (next, date, next)
        case .day:
            var day = calendar.tradingDay(onOrBefore: date)
            if day.parts.year != date.parts.year { day = calendar.tradingDay(onOrAfter: date) }
            let (first, last) = tradingDays(around: day)
            let after = calendar.tradingDay(after: last)
            let newYear = CalendarDate(year: date.parts.year + 1, month: 1, day: 1) ?? after
            return (first, last, min(after, newYear))
        case .week, .month:
            let (start, next) = period(around: date)
            return (calendar.tradingDay(onOrAfter: start), calendar.tradingDay(before: next), next)
        }
    }

    /// The first bar at or after an instant that is not in a closing auction.
    public func firstExpectedBar(openingAtOrAfter time: Timestamp) -> TimeRange {
        let bar = firstBar(openingAtOrAfter: time)
        guard interval.isIntraday else { return bar }
        let date = calendar.date(at: bar.from)
        let hours = calendar.hours(on: date, segment: segment)
        guard hours.continuousUntil < hours.closes, bar.from >= calendar.timestamp(date, hours.continuousUntil) else {
            return bar
        }
        return firstBar(openingAtOrAfter: calendar.timestamp(date, hours.closes))
    }

    /// Whether something must have been traded in a bar, from its opening to its close: the calendar is evidence of its
    /// day, and it is not within a closing auction only. Whether any other bar exists, only a source can say.
    public func isExpected(_ bar: TimeRange) -> Bool {
        let date = calendar.date(at: bar.from)
        guard interval.isIntraday else {
            let (first, last) = tradingDays(around: date)
            return calendar.isEvidence(for: first, segment: segment) || calendar.isEvidence(for: last, segment: segment)
        }
        return calendar.expectedSpans(on: date, segment: segment).contains { $0.from < bar.to && bar.from < $0.to }
    }
}
