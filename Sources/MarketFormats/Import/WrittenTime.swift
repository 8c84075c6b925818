import Foundation
public import MarketData

/// A time as text has it, before it is known which of its numbers is the day and which the month.
struct WrittenTime: Hashable {
    /// The order of day, month and year in dates of digits only.
    enum Order: String, CaseIterable, Hashable {
        case dayMonthYear = "dd/mm/yyyy"
        case monthDayYear = "mm/dd/yyyy"
        case yearMonthDay = "yyyy/mm/dd"
    }

    enum Day: Hashable {
        case date(CalendarDate)
        /// Three numbers whose order only the whole column shows.
        case numbers(Int, Int, Int, orders: [Order])
    }

    /// `nil` for a time of day alone.
    var day: Day?
    /// `nil` for a date alone.
    var millisecondOfDay: Int64?
    /// Seconds ahead of UTC; `nil` if the text has no zone.
    var offsetSeconds: Int64?

    /// The date under an order of its numbers; `nil` if there is no such day.
    func date(_ order: Order?) -> CalendarDate? {
        switch day {
        case nil: return nil
        case .date(let date): return date
        case .numbers(let first, let second, let third, let orders):
            guard let order = order.flatMap({ orders.contains($0) ? $0 : nil }) ?? orders.first, orders.contains(order)
            else { return nil }
            return switch order {
            case .dayMonthYear: CalendarDate(year: WrittenTime.year(third), month: second, day: first)
            case .monthDayYear: CalendarDate(year: WrittenTime.year(third), month: first, day: second)
            case .yearMonthDay: CalendarDate(year: WrittenTime.year(first), month: second, day: third)
            }
        }
    }

    /// Two digits mean 1970 to 2069.
    static func year(_ number: Int) -> Int { number >= 100 ? number : number + (number < 70 ? 2000 : 1900) }
}

extension WrittenTime {
    /// Reads a date, a time of day, or both, with or without a zone; `nil` for anything else, plain numbers included.
    ///
    /// Dates are `2026-06-08`, `08/06/2026`, `08.06.26`, `08-JUN-2026`, `Jun 8, 2026` or `20260608` before a time;
    /// times `09:15`, `9:15:00.5 PM` or `091500`; zones `Z`, `UTC`, `+0530`, `+05:30`, `GMT+0530`, `IST`, `EST`, `EDT`.
    init?(_ text: String) {
        var reader = TimeTextReader(text)
        reader.skipWeekday()
        if let time = reader.clock() {
            self.init(day: nil, millisecondOfDay: time)
        } else {
            guard let day = reader.day() else { return nil }
            self.init(day: day, millisecondOfDay: nil)
            if reader.skipToTime() {
                // A zone or nothing may follow a date at once, as in `2026-06-08 IST`.
                millisecondOfDay = reader.clock() ?? reader.digitsOfClock()
            }
        }
        offsetSeconds = reader.zone()
        guard reader.isAtEnd else { return nil }
    }
}

extension WrittenTime {
    /// Reads a month, `2026-06`, `06/2026`, `Jun 2026` or `June-2026`, as its first day.
    init?(month text: String) {
        var reader = TimeTextReader(text)
        guard let day = reader.monthAlone(), reader.isAtEnd else { return nil }
        self.init(day: day)
    }
}

/// Reads the parts of a time from left to right.
struct TimeTextReader {
    private var rest: Substring.UTF8View.SubSequence
    private let text: String

    init(_ text: String) {
        self.text = text
        rest = text[...].utf8[...]
        skipSpaces()
    }

    /// Whether only blanks or a remark in brackets is left, as in `+05:30[Asia/Kolkata]`.
    var isAtEnd: Bool {
        guard let byte = rest.first(where: { $0 != 0x20 }) else { return true }
        return byte == UInt8(ascii: "[") || byte == UInt8(ascii: "(")
    }

    mutating func skipWeekday() {
        let name = Substring(rest.prefix(while: TimeTextReader.isLetter)).lowercased()
        guard name.count >= 3, TimeTextReader.weekdays.contains(String(name.prefix(3))), !name.hasPrefix("mont")
        else { return }
        rest = rest.dropFirst(name.utf8.count)
        skip(",")
        skipSpaces()
    }

    mutating func day() -> WrittenTime.Day? {
        let start = rest
        if let month = month() {
            skipSpaces()
            skip("-")
            skip("/")
            if let day = number(upTo: 2) {
                skip(",")
                skip("-")
                skip("/")
                skipSpaces()
                if let year = number(upTo: 4) { return date(year.value, month, day.value) }
            }
            rest = start
            return nil
        }
        guard let first = number(upTo: 8) else { return nil }
        if first.digits == 8 {
            let value = first.value
            return date(value / 10_000, value / 100 % 100, value % 100)
        }
        guard let separator = rest.first, "-/. ".utf8.contains(separator) || TimeTextReader.isLetter(separator) else {
            return nil
        }
        if "-/. ".utf8.contains(separator) { rest.removeFirst() }
        if let month = month() {
            if let next = rest.first, "-/., ".utf8.contains(next) { rest.removeFirst() }
            skipSpaces()
            guard let last = number(upTo: 4) else { return nil }
            return first.digits == 4 ? date(first.value, month, last.value) : date(last.value, month, first.value)
        }
        guard let second = number(upTo: 2), rest.first == separator else { return nil }
        rest.removeFirst()
        guard let third = number(upTo: 4) else { return nil }
        if first.digits == 4 { return date(first.value, second.value, third.value) }
        guard first.digits <= 2, third.digits == 2 || third.digits == 4 else { return nil }
        let orders: [WrittenTime.Order] =
            if separator == UInt8(ascii: ".") {
                [.dayMonthYear]
            } else if third.digits == 4 {
                [.dayMonthYear, .monthDayYear]
            } else {
                WrittenTime.Order.allCases
            }
        return .numbers(first.value, second.value, third.value, orders: orders)
    }

    /// A month with its year of four digits, in either order.
    mutating func monthAlone() -> WrittenTime.Day? {
        let first = month().map { (value: $0, digits: 0) } ?? number(upTo: 4)
        guard let first, let separator = rest.first, "-/. ".utf8.contains(separator) else { return nil }
        rest.removeFirst()
        let second = first.digits == 4 ? month().map { (value: $0, digits: 2) } ?? number(upTo: 2) : number(upTo: 4)
        guard let second else { return nil }
        if first.digits == 4 { return date(first.value, second.value, 1) }
        return first.digits <= 2 && second.digits == 4 ? date(second.value, first.value, 1) : nil
    }

    private func date(_ year: Int, _ month: Int, _ day: Int) -> WrittenTime.Day? {
        CalendarDate(year: WrittenTime.year(year), month: month, day: day).map { .date($0) }
    }

    /// Skips what is between a date and a time; whether anything is left.
    mutating func skipToTime() -> Bool {
        skip(",")
        if let byte = rest.first, byte == UInt8(ascii: "T") || byte == UInt8(ascii: "t") { rest.removeFirst() }
        skipSpaces()
        return !rest.isEmpty
    }

    /// `9:15`, `09:15:00`, `09:15:00.123`, with `AM` or `PM`.
    mutating func clock() -> Int64? {
        let start = rest
        guard let hour = number(upTo: 2), rest.first == UInt8(ascii: ":") else { return back(to: start) }
        rest.removeFirst()
        guard let minute = number(upTo: 2), minute.digits == 2, minute.value < 60 else { return back(to: start) }
        var milliseconds = Int64(minute.value) * 60_000
        if rest.first == UInt8(ascii: ":") {
            rest.removeFirst()
            guard let second = number(upTo: 2), second.digits == 2, second.value < 60 else { return back(to: start) }
            milliseconds += Int64(second.value) * 1000 + fraction()
        }
        guard let hour = onTwentyFourHours(hour.value) else { return back(to: start) }
        return milliseconds + Int64(hour) * 3_600_000
    }

    /// `0915` or `091500`.
    mutating func digitsOfClock() -> Int64? {
        let start = rest
        guard let number = number(upTo: 6), number.digits >= 4 else { return back(to: start) }
        let seconds = number.digits > 4 ? number.value : number.value * 100
        return TimeTextReader.milliseconds(ofDigits: seconds) ?? back(to: start)
    }

    /// The time of day that the digits `HHMMSS` mean.
    static func milliseconds(ofDigits digits: Int) -> Int64? {
        let (hour, minute, second) = (digits / 10_000, digits / 100 % 100, digits % 100)
        guard digits >= 0, hour < 24, minute < 60, second < 60 else { return nil }
        return Int64(hour * 3600 + minute * 60 + second) * 1000
    }

    private mutating func fraction() -> Int64 {
        guard let mark = rest.first, mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",") else { return 0 }
        let digits = rest.dropFirst().prefix(while: TimeTextReader.isDigit)
        guard !digits.isEmpty else { return 0 }
        rest = rest[digits.endIndex...]
        return Int64((Substring(digits) + "00").prefix(3)) ?? 0
    }

    private mutating func onTwentyFourHours(_ hour: Int) -> Int? {
        let spaces = rest.prefix { $0 == 0x20 }
        let half = Substring(rest.dropFirst(spaces.count).prefix(2)).lowercased()
        guard half == "am" || half == "pm" else { return hour < 24 ? hour : nil }
        guard (1...12).contains(hour) else { return nil }
        rest = rest.dropFirst(spaces.count + 2)
        return hour % 12 + (half == "pm" ? 12 : 0)
    }

    /// Seconds ahead of UTC.
    mutating func zone() -> Int64? {
        let start = rest
        skipSpaces()
        let name = Substring(rest.prefix(while: TimeTextReader.isLetter)).uppercased()
        if let offset = TimeTextReader.zones[name] {
            rest = rest.dropFirst(name.utf8.count)
            guard offset == 0, let sign = rest.first, "+-".utf8.contains(sign) else { return offset }
        }
        guard let sign = rest.first, "+-".utf8.contains(sign) else { return back(to: start) }
        rest.removeFirst()
        guard let hours = number(upTo: 4), hours.digits != 3 else { return back(to: start) }
        var (hour, minute) = hours.digits == 4 ? (hours.value / 100, hours.value % 100) : (hours.value, 0)
        if hours.digits <= 2, rest.first == UInt8(ascii: ":") {
            rest.removeFirst()
            guard let minutes = number(upTo: 2), minutes.digits == 2 else { return back(to: start) }
            minute = minutes.value
        }
        guard hour < 15, minute < 60 else { return back(to: start) }
        hour = sign == UInt8(ascii: "-") ? -hour : hour
        minute = sign == UInt8(ascii: "-") ? -minute : minute
        return Int64(hour * 3600 + minute * 60)
    }

    private mutating func month() -> Int? {
        let letters = Substring(rest.prefix(while: TimeTextReader.isLetter)).lowercased()
        guard letters.count >= 3, let index = TimeTextReader.months.firstIndex(where: { $0.hasPrefix(letters) })
        else { return nil }
        rest = rest.dropFirst(letters.utf8.count)
        skip(".")
        return index + 1
    }

    private mutating func number(upTo longest: Int) -> (value: Int, digits: Int)? {
        let digits = rest.prefix(while: TimeTextReader.isDigit)
        guard (1...longest).contains(digits.count), let value = Int(Substring(digits)) else { return nil }
        rest = rest[digits.endIndex...]
        return (value, digits.count)
    }

    private mutating func back<Value>(to start: Substring.UTF8View.SubSequence) -> Value? {
        rest = start
        return nil
    }

    private mutating func skip(_ character: Unicode.Scalar) {
        if rest.first == UInt8(ascii: character) { rest.removeFirst() }
    }

    private mutating func skipSpaces() { rest = rest.drop { $0 == 0x20 } }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }

    private static let weekdays: Set<String> = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    /// `IST` is India's, as at every exchange that Bhav's users trade at; not Ireland's or Israel's.
    private static let zones: [String: Int64] = [
        "Z": 0, "UTC": 0, "GMT": 0, "IST": 19_800, "EST": -18_000, "EDT": -14_400,
    ]
}

/// A date or a moment as a person types it, such as `28-11-2026`, `28 Nov 2026 09:15` or `20261128`.
public enum DateInput {
    /// Returns the text in ISO 8601 (`2026-11-28`, `2026-11-28T09:15:00`, with an offset where there was one); `nil`
    /// for text that is not a date, or that needs no other spelling.
    /// - Throws: `MarketDataError.badRequest` where day and month may be meant either way.
    public static func iso(_ text: String) throws(MarketDataError) -> String? {
        guard text.utf8.count <= 64, let time = WrittenTime(text), time.day != nil else { return nil }
        let dates = WrittenTime.Order.allCases.compactMap { time.date($0) }
        guard let date = dates.first else { return nil }
        if let other = dates.first(where: { $0 != date }) {
            throw .badRequest("'\(text)' may be \(date) or \(other); write the year first")
        }
        guard let milliseconds = time.millisecondOfDay else { return date.description }
        let clock = ClockTime(secondsAfterMidnight: Int(milliseconds / 1000)).fullDescription
        guard let offset = time.offsetSeconds else { return "\(date)T\(clock)" }
        let minutes = abs(offset) / 60
        let zone = ClockTime(secondsAfterMidnight: Int(minutes) * 60)
        return "\(date)T\(clock)\(offset < 0 ? "-" : "+")\(zone)"
    }

    /// Returns the date that a text without a time of day means.
    /// - Throws: As `iso`.
    public static func date(_ text: String) throws(MarketDataError) -> CalendarDate? {
        guard let iso = try iso(text) else { return nil }
        return CalendarDate(iso)
    }
}

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
