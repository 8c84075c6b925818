public import Foundation

/// The trading days and hours of an instrument as TradingView sends them: text of sessions, a zone, holidays, short
/// days.
///
/// A trading day may hold several sessions (`0215-0826,0830-1516`); one that ends no later than it begins (`1800-1700`)
/// begins the evening before. `24x7` is every day from midnight to midnight, `0000-0000` the whole of a trading day.
/// Days are Monday to Friday unless the text names them by number, of which Sunday is 1 (`0000-0000:1234567`); days may
/// differ (`0900-1630|0900-1400:2`), and hours may change on a date (`0915-1530#20260803/0915-1515`). The whole grammar
/// is at `SessionText`.
public struct SessionSchedule: Sendable {
    /// The zone of the exchange's clock.
    public let zone: TimeZone
    /// Whether a trading day may begin on the evening before it.
    public let opensTheEveningBefore: Bool
    private let text: SessionText
    private let exceptions: [CalendarDate: [SessionText.Span]]

    /// Reads the text of sessions and of the days that differ.
    /// - Parameters:
    ///   - sessions: As in the field `session` of TradingView's `symbol_resolved`.
    ///   - zone: The IANA name of the exchange's zone, such as `America/New_York`.
    ///   - holidays: As in the field `session_holidays`: `YYYYMMDD` after `YYYYMMDD`, with commas between.
    ///   - corrections: As in the field `corrections`: `0930-1300:20261127,20261224;dayoff:20250109`. The hours are
    ///     read as those of a session, so they may begin days before (`1900F4-2350F4,1000-1845:20181113`).
    /// - Throws: `SessionScheduleError`, naming the text that could not be read.
    public init(
        sessions: String, zone: String, holidays: String = "", corrections: String = ""
    ) throws(SessionScheduleError) {
        guard let known = TimeZone(identifier: zone) else { throw .unknownZone(zone) }
        guard let read = SessionText(sessions) else { throw .unreadableSessions(sessions) }
        self.zone = known
        text = read
        exceptions = try SessionExceptions(holidays: holidays, corrections: corrections).sessions
        opensTheEveningBefore =
            exceptions.values.contains { $0.contains { $0.from < 0 } }
            || read.eras.contains { era in era.hours.values.contains { $0.contains { $0.from < 0 } } }
    }

    /// Whether there is trading on a day.
    public func isTradingDay(_ date: CalendarDate) -> Bool { !spans(on: date).isEmpty }

    /// The sessions of a trading day, ascending; empty where there is no trading.
    public func sessions(on date: CalendarDate) -> [TimeRange] {
        spans(on: date).map { TimeRange(from: timestamp(date, $0.from), to: timestamp(date, $0.to)) }
    }

    /// Seconds from the first opening to the last close of a trading day by a text of sessions, of the longest one;
    /// `nil` if the text is invalid or has no session.
    public static func longestDay(of sessions: String) -> Int64? {
        let days = SessionText(sessions)?.eras.flatMap(\.hours.values) ?? []
        return days.compactMap { spans in
            guard let first = spans.first, let last = spans.last else { return nil }
            return Int64(last.to - first.from)
        }.max()
    }

    private func spans(on date: CalendarDate) -> [SessionText.Span] {
        exceptions[date] ?? text.spans(on: date)
    }

    /// The instant at which the exchange's clock is some seconds after midnight of a date; where it shows that time
    /// twice, the first.
    func timestamp(_ date: CalendarDate, _ secondOfDay: Int) -> Timestamp {
        let local = Int64(date.daysSinceEpoch) * 86_400 + Int64(secondOfDay)
        let before = local - offset(at: local - 86_400)
        return Timestamp(seconds: offset(at: before) == local - before ? before : local - offset(at: before))
    }

    private func offset(at seconds: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    }

    /// The date on the exchange's clock at an instant.
    func date(at time: Timestamp) -> CalendarDate {
        CalendarDate.split(seconds: time.seconds + offset(at: time.seconds)).date
    }
}

extension SessionSchedule {
    /// How many days before its date a trading day may begin, by the longest correction seen (`1900F4-2350F4`).
    private static let longestEve = 5

    /// The trading day that an instant belongs to, whether or not the exchange is known to trade then: the date of the
    /// exchange's clock, or a later day whose sessions have begun before its midnight.
    public func tradingDay(at time: Timestamp) -> CalendarDate {
        let today = date(at: time)
        guard opensTheEveningBefore else { return today }
        for ahead in (1...SessionSchedule.longestEve).reversed() {
            let day = today.advanced(byDays: ahead)
            if let opening = sessions(on: day).first?.from, opening <= time { return day }
        }
        return today
    }

    /// The first instant that belongs to a date or to a later one.
    func start(of date: CalendarDate) -> Timestamp {
        let midnight = timestamp(date, 0)
        guard opensTheEveningBefore else { return midnight }
        let openings = (0...SessionSchedule.longestEve).compactMap {
            sessions(on: date.advanced(byDays: $0)).first?.from
        }
        return openings.reduce(midnight, min)
    }
}

extension SessionSchedule {
    /// The first day of the bar of days, weeks or months that holds a day, and the day after its last. Weeks are
    /// counted from Monday, months from January, several days from the first trading day of the year, as
    /// `BarBoundaries` does.
    func days(of interval: Interval, around date: CalendarDate) -> (first: CalendarDate, next: CalendarDate) {
        interval.unit == .day ? tradingDays(interval.count, around: date) : interval.period(around: date)
    }

    private func tradingDays(_ count: Int, around date: CalendarDate) -> (first: CalendarDate, next: CalendarDate) {
        guard count > 1 else { return (date, date.advanced(byDays: 1)) }
        let nextYear = Interval.firstOfMonth((date.parts.year + 1) * 12)
        var day = Interval.firstOfMonth(date.parts.year * 12)
        var first = day
        var number = 0
        while day < nextYear {
            if isTradingDay(day) {
                if number % count == 0 {
                    if day > date { return (first, day) }
                    first = day
                }
                number += 1
            }
            day = day.advanced(byDays: 1)
        }
        return (first, nextYear)
    }
}

extension SessionSchedule {
    /// The limit of a search for a session; no exchange stays closed that long.
    private static let longestClosure = 60

    /// The newest session that has opened by an instant, and its trading day.
    func latestSession(at time: Timestamp) -> (date: CalendarDate, session: TimeRange)? {
        // A session that opens in the evening belongs to the day after.
        var date = date(at: time).advanced(byDays: 1)
        for _ in 0...SessionSchedule.longestClosure {
            if let session = sessions(on: date).last(where: { $0.from <= time }) { return (date, session) }
            date = date.advanced(byDays: -1)
        }
        return nil
    }

    /// The first session that opens at or after an instant, and its trading day.
    func nextSession(openingAtOrAfter time: Timestamp) -> (date: CalendarDate, session: TimeRange)? {
        var date = date(at: time)
        for _ in 0...SessionSchedule.longestClosure {
            if let session = sessions(on: date).first(where: { $0.from >= time }) { return (date, session) }
            date = date.advanced(byDays: 1)
        }
        return nil
    }

    /// From the opening of the first session to the close of the last of the bar that holds a trading day.
    func period(of interval: Interval, around date: CalendarDate) -> TimeRange {
        let (first, next) = days(of: interval, around: date)
        let end = Timestamp(milliseconds: .max)
        let opens = firstTradingDay(from: first, until: date).flatMap { sessions(on: $0).first?.from }
        let closes = lastTradingDay(from: date, before: next).flatMap { sessions(on: $0).last?.to }
        return TimeRange(from: opens ?? end, to: closes ?? end)
    }

    /// The first trading day of a span of days, its last day included; `nil` for none.
    func firstTradingDay(from first: CalendarDate, until last: CalendarDate) -> CalendarDate? {
        var date = first
        while date <= last {
            if isTradingDay(date) { return date }
            date = date.advanced(byDays: 1)
        }
        return nil
    }

    /// The last trading day of a span of days, its end left out; `nil` for none.
    func lastTradingDay(from first: CalendarDate, before end: CalendarDate) -> CalendarDate? {
        var date = end.advanced(byDays: -1)
        while date >= first {
            if isTradingDay(date) { return date }
            date = date.advanced(byDays: -1)
        }
        return nil
    }
}

/// The days that differ from the rule, read from TradingView's holidays and corrections.
struct SessionExceptions {
    /// The sessions of those days; empty where there is no trading.
    private(set) var sessions: [CalendarDate: [SessionText.Span]] = [:]

    init(holidays: String, corrections: String) throws(SessionScheduleError) {
        for text in holidays.split(separator: ",") {
            guard let date = SessionText.date(text) else { throw .unreadableHoliday(String(text)) }
            sessions[date] = []
        }
        for text in corrections.split(separator: ";") {
            let ends = text.split(separator: ":", omittingEmptySubsequences: false)
            guard ends.count == 2, let hours = SessionText.sessions(ends[0]) else {
                throw .unreadableCorrection(String(text))
            }
            for day in ends[1].split(separator: ",") {
                guard let date = SessionText.date(day) else { throw .unreadableCorrection(String(text)) }
                sessions[date] = hours
            }
        }
    }
}

/// Why a text of sessions is invalid.
public enum SessionScheduleError: Error, Hashable, Sendable {
    /// No such zone in the IANA list of this machine.
    case unknownZone(String)
    /// Not of a form that is known here.
    case unreadableSessions(String)
    /// Not a date of the form `YYYYMMDD`.
    case unreadableHoliday(String)
    /// Not hours with their dates.
    case unreadableCorrection(String)
}

extension SessionScheduleError: CustomStringConvertible {
    /// The reason, as text.
    public var description: String {
        switch self {
        case .unknownZone(let name): "'\(name)' is not a known IANA time zone"
        case .unreadableSessions(let text): "the sessions '\(text)' are not of a known form, such as 0930-1600 or 24x7"
        case .unreadableHoliday(let text): "the holiday '\(text)' is not of the form YYYYMMDD"
        case .unreadableCorrection(let text):
            "the correction '\(text)' is not of a known form, such as 0930-1300:20261127"
        }
    }
}
