import Foundation
import MarketData

/// Converts what a clock of a zone shows to instants, with the hour that comes twice a year.
struct WallClockZone {
    let zone: TimeZone
    private var known: (date: CalendarDate, offset: Int64)?

    init(_ zone: TimeZone) { self.zone = zone }

    /// Returns the instant at which the clock shows a time on a date, and the later one where it shows it twice.
    mutating func instants(_ date: CalendarDate, millisecondOfDay: Int64) -> (first: Timestamp, second: Timestamp?) {
        let wall = Int64(date.daysSinceEpoch) * 86_400_000 + millisecondOfDay
        if let known, known.date == date { return (Timestamp(milliseconds: wall - known.offset), nil) }
        let (before, after) = (offset(at: wall - 86_400_000), offset(at: wall + 2 * 86_400_000))
        if before == after {
            known = (date, before)
            return (Timestamp(milliseconds: wall - before), nil)
        }
        let instants = Set([wall - before, wall - after]).filter { $0 + offset(at: $0) == wall }.sorted()
        guard let first = instants.first else { return (Timestamp(milliseconds: wall - before), nil) }
        return (Timestamp(milliseconds: first), instants.dropFirst().first.map { Timestamp(milliseconds: $0) })
    }

    /// Returns the date that the clock shows at an instant.
    func date(at time: Timestamp) -> CalendarDate {
        CalendarDate.split(seconds: time.seconds + offset(at: time.milliseconds) / 1000).date
    }

    /// Returns the milliseconds since midnight that the clock shows at an instant.
    func millisecondOfDay(at time: Timestamp) -> Int64 {
        let wall = time.milliseconds + offset(at: time.milliseconds)
        let remainder = wall % 86_400_000
        return remainder < 0 ? remainder + 86_400_000 : remainder
    }

    private func offset(at milliseconds: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(milliseconds) / 1000))) * 1000
    }
}
