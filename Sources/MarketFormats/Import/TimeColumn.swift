import MarketData

/// A time that has been read: an instant, or what a clock shows.
enum ReadTime: Hashable {
    case instant(Timestamp)
    /// A date, with a time of day where the text has one, and with an offset in seconds where it has a zone.
    case written(CalendarDate, millisecondOfDay: Int64?, offsetSeconds: Int64?)

    /// Whether this is a date, or midnight of one, as daily bars are stamped.
    var isMidnight: Bool {
        switch self {
        case .instant(let time): time.milliseconds % 86_400_000 == 0
        case .written(_, let millisecondOfDay, _): (millisecondOfDay ?? 0) == 0
        }
    }
}

/// How the times of a file are to be read, decided by all of them.
struct TimeColumn {
    /// What plain numbers count.
    enum Unit: Hashable {
        case seconds, milliseconds, microseconds, nanoseconds
        /// `20260608`, `202606080915`, `20260608091500`
        case dateDigits, minuteDigits, secondDigits
        /// Days since the end of 1899, as spreadsheets count.
        case spreadsheetDays
    }

    var pattern: DatePattern?
    var order: WrittenTime.Order?
    var unit = Unit.seconds
    /// Whether a month may be written without a day, as of bars of a month.
    var readsMonths = false

    /// Returns the time that a text means; `nil` if it is none.
    func time(_ text: String) -> ReadTime? {
        if let pattern, let time = pattern.time(text) { return TimeColumn.read(time, nil) }
        if let number = WrittenNumber(text) { return number.time(unit) }
        guard pattern == nil else { return nil }
        let written = WrittenTime(text) ?? (readsMonths ? WrittenTime(month: text) : nil)
        return written.flatMap { TimeColumn.read($0, order) }
    }

    /// Returns the date of one text with the time of day of another.
    func time(_ date: String, clock: String) -> ReadTime? {
        guard case .written(let day, let midnight, let offset)? = time(date), (midnight ?? 0) == 0,
            let clock = TimeColumn.clock(clock)
        else { return nil }
        return .written(day, millisecondOfDay: clock.millisecondOfDay, offsetSeconds: clock.offsetSeconds ?? offset)
    }

    /// Reads a time of day alone: `09:15`, `0915`, `91500`.
    static func clock(_ text: String) -> WrittenTime? {
        if let written = WrittenTime(text) { return written.day == nil ? written : nil }
        if let fraction = WrittenNumber(text)?.fractionOfDay {
            // Spreadsheets write a time of day so; it has whole seconds.
            let second = Int64((fraction * 86_400).rounded())
            return second < 86_400 ? WrittenTime(day: nil, millisecondOfDay: second * 1000) : nil
        }
        guard text.utf8.count <= 6, let digits = Int(text) else { return nil }
        let seconds = text.utf8.count <= 4 ? digits * 100 : digits
        return TimeTextReader.milliseconds(ofDigits: seconds).map { WrittenTime(day: nil, millisecondOfDay: $0) }
    }

    private static func read(_ time: WrittenTime, _ order: WrittenTime.Order?) -> ReadTime? {
        time.date(order).map {
            .written($0, millisecondOfDay: time.millisecondOfDay, offsetSeconds: time.offsetSeconds)
        }
    }
}

/// A time written as a plain number.
struct WrittenNumber {
    private let whole: Int64
    private let fraction: Double
    private let digits: Int

    /// `nil` if the text is not a number.
    init?(_ text: String) {
        if let whole = Int64(text) {
            (self.whole, fraction) = (whole, 0)
        } else {
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || ".eE+-".utf8.contains($0) }),
                let value = Double(text), abs(value) < 9e18
            else { return nil }
            whole = Int64(value.rounded(.down))
            fraction = value - value.rounded(.down)
        }
        digits = String(whole.magnitude).utf8.count
    }

    /// A number between 0 and 1.
    var fractionOfDay: Double? { whole == 0 && fraction > 0 ? fraction : nil }

    /// Whether it is a whole number of days as spreadsheets count them.
    var isSpreadsheetDay: Bool { fraction == 0 && likelyUnit == .spreadsheetDays }

    /// What the number alone suggests that it counts.
    var likelyUnit: TimeColumn.Unit {
        if fraction == 0, whole > 0 {
            if digits == 8, written(.dateDigits) != nil { return .dateDigits }
            if digits == 12, written(.minuteDigits) != nil { return .minuteDigits }
            if digits == 14, written(.secondDigits) != nil { return .secondDigits }
        }
        switch whole.magnitude {
        case 20_000..<80_000 where whole > 0: return .spreadsheetDays
        case 0..<100_000_000_000: return .seconds
        case 100_000_000_000..<100_000_000_000_000: return .milliseconds
        case 100_000_000_000_000..<100_000_000_000_000_000: return .microseconds
        default: return .nanoseconds
        }
    }

    func time(_ unit: TimeColumn.Unit) -> ReadTime? {
        switch unit {
        case .dateDigits, .minuteDigits, .secondDigits: return written(unit)
        case .seconds:
            guard whole.magnitude < 100_000_000_000 else { return nil }
            return .instant(Timestamp(milliseconds: whole * 1000 + Int64((fraction * 1000).rounded())))
        case .milliseconds:
            guard whole.magnitude < 100_000_000_000_000 else { return nil }
            return .instant(Timestamp(milliseconds: whole))
        case .microseconds: return .instant(Timestamp(milliseconds: WrittenNumber.floor(whole, 1000)))
        case .nanoseconds: return .instant(Timestamp(milliseconds: WrittenNumber.floor(whole, 1_000_000)))
        case .spreadsheetDays:
            guard (1..<200_000).contains(whole) else { return nil }
            let millisecond = Int64((fraction * 86_400_000).rounded())
            // 1899-12-30 is 25,569 days before 1970.
            let date = CalendarDate(daysSinceEpoch: Int(whole) - 25_569 + Int(millisecond / 86_400_000))
            return .written(
                date, millisecondOfDay: millisecond == 0 ? nil : millisecond % 86_400_000, offsetSeconds: nil)
        }
    }

    private func written(_ unit: TimeColumn.Unit) -> ReadTime? {
        guard fraction == 0, whole > 0 else { return nil }
        let (day, clock): (Int64, Int64?) =
            switch unit {
            case .dateDigits: (whole, nil)
            case .minuteDigits: (whole / 10_000, whole % 10_000 * 100)
            default: (whole / 1_000_000, whole % 1_000_000)
            }
        guard (19_000_101...21_991_231).contains(day),
            let date = CalendarDate(year: Int(day / 10_000), month: Int(day / 100 % 100), day: Int(day % 100))
        else { return nil }
        guard let clock else { return .written(date, millisecondOfDay: nil, offsetSeconds: nil) }
        return TimeTextReader.milliseconds(ofDigits: Int(clock)).map {
            .written(date, millisecondOfDay: $0, offsetSeconds: nil)
        }
    }

    private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
