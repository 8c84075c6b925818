/// A day of the Gregorian calendar, without time or zone: an expiry, a trading day, a holiday.
public struct CalendarDate: Hashable, Sendable {
    /// Days since 1970-01-01.
    public let daysSinceEpoch: Int

    /// A date by its distance from 1970-01-01.
    public init(daysSinceEpoch: Int) { self.daysSinceEpoch = daysSinceEpoch }

    /// A date by its parts; `nil` if there is no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(daysSinceEpoch: era * 146_097 + dayOfEra - 719_468)
        guard parts == (year, month, day) else { return nil }
    }

    /// Reads `YYYY-MM-DD`; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            parts.joined().utf8.allSatisfy({ (48...57).contains($0) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// The year, month (1 to 12) and day of the month (1 to 31).
    public var parts: (year: Int, month: Int, day: Int) {
        // The same source, civil_from_days.
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// The day of the week.
    public var weekday: Weekday {
        // 1970-01-01 was a Thursday.
        let index = (daysSinceEpoch + 3) % 7
        return Weekday.allCases[index < 0 ? index + 7 : index]
    }

    /// The date `days` later.
    public func advanced(byDays days: Int) -> CalendarDate { CalendarDate(daysSinceEpoch: daysSinceEpoch + days) }

    /// Splits seconds since the epoch into a UTC day and the seconds after its midnight.
    public static func split(seconds: Int64) -> (date: CalendarDate, secondOfDay: Int64) {
        let days = seconds.floorDivided(by: 86_400)
        return (CalendarDate(daysSinceEpoch: Int(days)), seconds - days * 86_400)
    }
}

extension CalendarDate: Comparable {
    /// Earlier before later.
    public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        left.daysSinceEpoch < right.daysSinceEpoch
    }
}

extension CalendarDate: CustomStringConvertible {
    /// `YYYY-MM-DD`.
    public var description: String {
        let (year, month, day) = parts
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}

func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}

/// A time of day on an exchange's clock, to the second, without date or zone.
public struct ClockTime: Hashable, Sendable {
    /// Seconds after midnight, 0 to 86,400.
    public let secondsAfterMidnight: Int

    /// A time by its distance from midnight.
    public init(secondsAfterMidnight: Int) { self.secondsAfterMidnight = secondsAfterMidnight }

    /// A time by hour and minute.
    public init(hour: Int, minute: Int) { self.init(secondsAfterMidnight: hour * 3600 + minute * 60) }

    /// Reads `HH:MM` or `HH:MM:SS` (a one-digit hour is taken too); `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), (1...2).contains(parts[0].utf8.count),
            parts.dropFirst().allSatisfy({ $0.utf8.count == 2 }),
            parts.joined().utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        let numbers = parts.compactMap { Int($0) } + [0]
        guard numbers[0] < 24, numbers[1] < 60, numbers[2] < 60 else { return nil }
        self.init(secondsAfterMidnight: numbers[0] * 3600 + numbers[1] * 60 + numbers[2])
    }

    /// `HH:MM:SS`.
    public var fullDescription: String { "\(description):\(padded(secondsAfterMidnight % 60, 2))" }
}

extension ClockTime: Comparable {
    /// Earlier before later.
    public static func < (left: ClockTime, right: ClockTime) -> Bool {
        left.secondsAfterMidnight < right.secondsAfterMidnight
    }
}

extension ClockTime: CustomStringConvertible {
    /// `HH:MM`.
    public var description: String {
        "\(padded(secondsAfterMidnight / 3600, 2)):\(padded(secondsAfterMidnight / 60 % 60, 2))"
    }
}

/// A day of the week, Monday first.
public enum Weekday: Int, CaseIterable, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday
}
