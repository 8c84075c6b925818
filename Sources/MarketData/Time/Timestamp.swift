public import Foundation

/// An instant, in whole milliseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Hashable, Sendable {
    /// Milliseconds since the epoch, UTC.
    public var milliseconds: Int64

    /// An instant by its milliseconds since the epoch.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// An instant by its seconds since the epoch; the last or first one there is for what lies beyond.
    public init(seconds: Int64) {
        let (product, isBeyond) = seconds.multipliedReportingOverflow(by: 1000)
        self.init(milliseconds: isBeyond ? (seconds < 0 ? .min : .max) : product)
    }

    /// Seconds since the epoch, rounded down.
    public var seconds: Int64 { milliseconds.floorDivided(by: 1000) }

    /// The instant `seconds` later; the last or first one there is for what lies beyond.
    public func advanced(bySeconds seconds: Int64) -> Timestamp {
        let (sum, isBeyond) = milliseconds.addingReportingOverflow(Timestamp(seconds: seconds).milliseconds)
        return Timestamp(milliseconds: isBeyond ? (seconds < 0 ? .min : .max) : sum)
    }
}

extension Timestamp {
    /// Creates the instant of a date, rounded down to whole milliseconds; dates beyond the range of `Int64` are
    /// clamped.
    public init(_ date: Date) {
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded(.down)
        self.init(milliseconds: Int64(exactly: milliseconds) ?? (milliseconds < 0 ? .min : .max))
    }

    /// The instant as Foundation's `Date`.
    public var date: Date { Date(milliseconds: milliseconds) }
}

extension Timestamp: Comparable {
    /// By time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp: CustomStringConvertible {
    /// ISO 8601 in UTC, such as `2026-11-22T09:15:00Z`, with milliseconds where there are any.
    public var description: String {
        let (date, secondOfDay) = CalendarDate.split(seconds: seconds)
        let remainder = milliseconds % 1000
        let fraction = remainder < 0 ? remainder + 1000 : remainder
        return "\(date)T\(ClockTime(secondsAfterMidnight: Int(secondOfDay)).fullDescription)"
            + (fraction == 0 ? "" : "." + String(fraction + 1000).dropFirst()) + "Z"
    }
}

extension Int64 {
    /// Division that rounds towards minus infinity, as calendars need before 1970.
    func floorDivided(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension Timestamp {
    /// Which end of a day a date without a time means.
    public enum DayEdge: Sendable {
        /// The day's first instant, for a range's beginning.
        case start
        /// The next day's first instant, for a range's end, so that the day itself is in the range.
        case end
    }

    /// Reads seconds since the epoch, a date, or a date and a time with or without a zone (ISO 8601, `T` or a space
    /// between them). A date or a time without a zone is the exchange's.
    /// - Throws: `MarketDataError` with code `badRequest`, naming the text; also where the zone is needed and unknown.
    public init(_ text: String, zone: TimeZone?, dateMeans edge: DayEdge) throws(MarketDataError) {
        if let seconds = Int64(text), (-99_999_999_999...99_999_999_999).contains(seconds) {
            self.init(seconds: seconds)
            return
        }
        guard let date = CalendarDate(text.prefix(10)) else { throw Timestamp.unreadable(text) }
        let rest = text.dropFirst(10)
        if rest.isEmpty {
            let day = edge == .start ? date : date.advanced(byDays: 1)
            try self.init(wall: day, millisecondOfDay: 0, zone: zone, text: text)
            return
        }
        guard let separator = rest.first, separator == "T" || separator == "t" || separator == " " else {
            throw Timestamp.unreadable(text)
        }
        let clock = rest.dropFirst()
        let zoneStart = clock.firstIndex { "Zz+-".contains($0) } ?? clock.endIndex
        guard let millisecondOfDay = Timestamp.millisecondOfDay(clock[..<zoneStart]) else {
            throw Timestamp.unreadable(text)
        }
        if zoneStart == clock.endIndex {
            try self.init(wall: date, millisecondOfDay: millisecondOfDay, zone: zone, text: text)
        } else {
            guard let offset = Timestamp.offsetSeconds(clock[zoneStart...]) else { throw Timestamp.unreadable(text) }
            let milliseconds = Int64(date.daysSinceEpoch) * 86_400_000 + millisecondOfDay
            self.init(milliseconds: milliseconds - offset * 1000)
        }
    }

    private init(
        wall date: CalendarDate, millisecondOfDay: Int64, zone: TimeZone?, text: String
    ) throws(MarketDataError) {
        guard let zone else {
            throw .badRequest(
                "'\(text)' has no time zone and the exchange's is not known; add Z or an offset, as +05:30")
        }
        let asIfUTC = Int64(date.daysSinceEpoch) * 86_400_000 + millisecondOfDay
        // The offset is looked up twice because the first guess may lie across a change of the clocks.
        let guess = asIfUTC - Int64(zone.secondsFromGMT(for: Date(milliseconds: asIfUTC))) * 1000
        self.init(milliseconds: asIfUTC - Int64(zone.secondsFromGMT(for: Date(milliseconds: guess))) * 1000)
    }

    private static func millisecondOfDay(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let time = ClockTime(parts[0]) else { return nil }
        var milliseconds = Int64(time.secondsAfterMidnight) * 1000
        if parts.count == 2 {
            guard (1...9).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
                let fraction = Int64((parts[1] + "00").prefix(3))
            else { return nil }
            milliseconds += fraction
        }
        return milliseconds
    }

    private static func offsetSeconds(_ text: Substring) -> Int64? {
        if text == "Z" || text == "z" { return 0 }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.utf8.count == 4, let number = Int64(digits), number % 100 < 60, number < 1500 else { return nil }
        let seconds = number / 100 * 3600 + number % 100 * 60
        return text.first == "-" ? -seconds : seconds
    }

    private static func unreadable(_ text: String) -> MarketDataError {
        .badRequest(
            "'\(text)' is not a time; use 2026-11-20, 2026-11-20T09:15, 2026-11-20T09:15+05:30 or seconds since 1970")
    }
}

extension Date {
    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

extension Timestamp {
    /// ISO 8601 in a zone, such as `2026-11-20T09:15:00+05:30`.
    ///
    /// The mean times of before 1900 have offsets with seconds, which ISO 8601 cannot say; they count as whole minutes.
    public func description(in zone: TimeZone) -> String {
        let seconds = zone.secondsFromGMT(for: Date(milliseconds: milliseconds))
        let minutes = abs(seconds) / 60
        let offset = Int64(seconds.signum() * minutes * 60)
        let local = Timestamp(milliseconds: milliseconds + offset * 1000).description.dropLast()
        return local + (seconds < 0 ? "-" : "+") + ClockTime(secondsAfterMidnight: minutes * 60).description
    }
}

/// A span of time that holds its start and not its end.
public struct TimeRange: Hashable, Sendable {
    /// The first instant of the span.
    public let from: Timestamp
    /// The first instant after it.
    public let to: Timestamp

    /// A span between two instants.
    public init(from: Timestamp, to: Timestamp) {
        self.from = from
        self.to = to
    }

    /// Whether the instant lies in the span.
    public func contains(_ time: Timestamp) -> Bool { from <= time && time < to }
}
