public import Foundation

/// The trading days and hours of an instrument as TradingView tells them: text of sessions, a zone, holidays, short days.
///
/// A trading day may hold several sessions (`0215-0826,0830-1516`); one that ends no later than it begins (`1800-1700`)
/// begins the evening before. `24x7` is every day from midnight to midnight, `0000-0000` the whole of a trading day.
/// Days are Monday to Friday unless the text names them by number, of which Sunday is 1 (`0000-0000:1234567`); days may
/// differ (`0900-1630|0900-1400:2`), and hours may change on a date (`0915-1530#20260803/0915-1515`). The whole grammar
/// stands at `SessionText`.
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
    ///   - corrections: As in the field `corrections`: `0930-1300:20261127,20261224;dayoff:20250109`. The hours are read
    ///     as those of a session, so they may begin days before (`1900F4-2350F4,1000-1845:20181113`).
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
    /// `nil` where the text cannot be read or has no session.
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
