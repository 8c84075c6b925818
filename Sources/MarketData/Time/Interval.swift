/// How long a bar is: a whole number of seconds, minutes, hours, days, weeks or months.
public struct Interval: Hashable, Sendable {
    /// What an interval counts.
    public enum Unit: String, CaseIterable, Sendable {
        case second = "s"
        case minute = "m"
        case hour = "h"
        case day = "d"
        case week = "w"
        case month = "M"

        /// The largest count that still is an interval of this unit: beyond it the next unit takes over.
        var largestCount: Int {
            switch self {
            case .second: 59
            case .minute: 24 * 60 - 1
            case .hour: 23
            case .day: 365
            case .week: 52
            case .month: 12
            }
        }
    }

    /// The unit counted. Whole hours are always counted in hours.
    public let unit: Unit
    /// How many of the unit.
    public let count: Int

    /// An interval; 60 minutes become one hour. `nil` for a count that the unit does not have.
    public init?(_ count: Int, _ unit: Unit) {
        if unit == .minute, count > 0, count % 60 == 0 {
            self.init(count / 60, .hour)
            return
        }
        guard (1...unit.largestCount).contains(count) else { return nil }
        self.init(known: count, unit)
    }

    private init(known count: Int, _ unit: Unit) {
        self.count = count
        self.unit = unit
    }

    public static let oneSecond = Interval(known: 1, .second)
    public static let oneMinute = Interval(known: 1, .minute)
    public static let fiveMinutes = Interval(known: 5, .minute)
    public static let oneHour = Interval(known: 1, .hour)
    public static let oneDay = Interval(known: 1, .day)
    public static let oneWeek = Interval(known: 1, .week)
    public static let oneMonth = Interval(known: 1, .month)

    /// The length in seconds where it is the same everywhere; `nil` for days, weeks and months, whose length is the
    /// exchange's.
    public var seconds: Int64? {
        switch unit {
        case .second: Int64(count)
        case .minute: Int64(count) * 60
        case .hour: Int64(count) * 3600
        case .day, .week, .month: nil
        }
    }

    /// Whether bars of this interval lie within one trading day.
    public var isIntraday: Bool { seconds != nil }
}

extension Interval: CustomStringConvertible {
    /// `5m`, `1h`, `1d`, `1M`.
    public var description: String { "\(count)\(unit.rawValue)" }
}
