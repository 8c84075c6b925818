public import Foundation

/// The trading days and hours of an instrument as TradingView tells them: text of sessions, a zone, holidays, short days.
///
/// A trading day may hold several sessions (`0215-0826,0830-1516`); one that ends no later than it begins (`1800-1700`)
/// begins the evening before. `24x7` is every day from midnight to midnight, `0000-0000` the whole of a trading day.
/// Days are Monday to Friday unless the text names them by number, of which Sunday is 1 (`0000-0000:1234567`); days may
/// differ (`0900-1630|0900-1400:2`).
public struct SessionSchedule: Sendable {
    /// The zone of the exchange's clock.
    public let zone: TimeZone
    private let hours: [Weekday: [SessionHours]]
    private let exceptions: [CalendarDate: [SessionHours]]

    /// Reads the text of sessions and of the days that differ.
    /// - Parameters:
    ///   - sessions: As in the field `session` of TradingView's `symbol_resolved`.
    ///   - zone: The IANA name of the exchange's zone, such as `America/New_York`.
    ///   - holidays: As in the field `session_holidays`: `YYYYMMDD` after `YYYYMMDD`, with commas between.
    ///   - corrections: As in the field `corrections`: `0930-1300:20261127,20261224;dayoff:20250109`.
    /// - Throws: `SessionScheduleError`, naming the text that could not be read.
    public init(
        sessions: String, zone: String, holidays: String = "", corrections: String = ""
    ) throws(SessionScheduleError) {
        guard let known = TimeZone(identifier: zone) else { throw .unknownZone(zone) }
        guard let read = SessionText(sessions) else { throw .unreadableSessions(sessions) }
        self.zone = known
        hours = read.hours
        exceptions = try SessionExceptions(holidays: holidays, corrections: corrections).sessions
    }

    /// Whether there is trading on a day.
    public func isTradingDay(_ date: CalendarDate) -> Bool { !hours(on: date).isEmpty }

    /// The sessions of a trading day, ascending; empty where there is no trading.
    public func sessions(on date: CalendarDate) -> [TimeRange] {
        hours(on: date).map { session($0, of: date) }
    }

    private func hours(on date: CalendarDate) -> [SessionHours] {
        exceptions[date] ?? hours[date.weekday] ?? []
    }

    private func session(_ hours: SessionHours, of date: CalendarDate) -> TimeRange {
        let eve = hours.opens < hours.closes ? date : date.advanced(byDays: -1)
        return TimeRange(from: timestamp(eve, hours.opens), to: timestamp(date, hours.closes))
    }

    /// The instant at which the exchange's clock shows a time on a date; where it shows it twice, the first.
    private func timestamp(_ date: CalendarDate, _ time: ClockTime) -> Timestamp {
        let local = Int64(date.daysSinceEpoch) * 86_400 + Int64(time.secondsAfterMidnight)
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
