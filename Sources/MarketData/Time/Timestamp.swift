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
