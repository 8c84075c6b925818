import MarketData

/// A pattern of times: `%d/%m/%Y %H:%M` as strptime has it, or `dd/mm/yyyy HH:MM`.
struct DatePattern: Hashable {
    private enum Part: Hashable {
        case year, shortYear, month, monthName, day, hour, halfDayHour, minute, second, fraction, halfDay, zone
        case literal(UInt8)
        case space
    }

    private let parts: [Part]

    /// - Throws: `ImportFault` for a pattern without day, month and year, or with an unknown directive.
    init(_ text: String) throws(ImportFault) {
        parts = text.contains("%") ? try DatePattern.directives(text) : DatePattern.letters(text)
        let hasYear = parts.contains(.year) || parts.contains(.shortYear)
        guard hasYear, parts.contains(.month) || parts.contains(.monthName), parts.contains(.day) else {
            throw ImportFault(
                "--date-format '\(text)' needs a day, a month and a year, for example dd/mm/yyyy or '%d/%m/%Y %H:%M'")
        }
    }

    /// Returns the time; what follows a pattern without a time of day may be a time and a zone in the usual spelling.
    func time(_ text: String) -> WrittenTime? {
        var rest = text.utf8[...]
        var (year, month, day) = (0, 0, 0)
        var (hour, minute, second, millisecond) = (0, 0, 0, 0)
        var isAfternoon: Bool?
        var offset: Int64?
        for part in parts {
            switch part {
            case .year: guard let value = DatePattern.number(&rest, 4) else { return nil }; year = value
            case .shortYear:
                guard let value = DatePattern.number(&rest, 2) else { return nil }
                year = WrittenTime.year(value)
            case .month: guard let value = DatePattern.number(&rest, 2) else { return nil }; month = value
            case .monthName: guard let value = DatePattern.monthName(&rest) else { return nil }; month = value
            case .day: guard let value = DatePattern.number(&rest, 2) else { return nil }; day = value
            case .hour, .halfDayHour: guard let value = DatePattern.number(&rest, 2) else { return nil }; hour = value
            case .minute: guard let value = DatePattern.number(&rest, 2) else { return nil }; minute = value
            case .second: guard let value = DatePattern.number(&rest, 2) else { return nil }; second = value
            case .fraction:
                let digits = rest.prefix { (0x30...0x39).contains($0) }
                guard let value = Int((Substring(digits) + "00").prefix(3)) else { return nil }
                rest = rest[digits.endIndex...]
                millisecond = value
            case .halfDay:
                let half = Substring(rest.prefix(2)).lowercased()
                guard half == "am" || half == "pm" else { return nil }
                isAfternoon = half == "pm"
                rest = rest.dropFirst(2)
            case .zone:
                var reader = TimeTextReader(String(Substring(rest)))
                guard let value = reader.zone(), reader.isAtEnd else { return nil }
                (offset, rest) = (value, rest[rest.endIndex...])
            case .literal(let byte):
                guard rest.first == byte else { return nil }
                rest.removeFirst()
            case .space: rest = rest.drop { $0 == 0x20 }
            }
        }
        guard let date = CalendarDate(year: year, month: month, day: day) else { return nil }
        let hasTime = parts.contains(.hour) || parts.contains(.halfDayHour)
        guard hasTime else { return DatePattern.with(date, rest) }
        if let isAfternoon { hour = hour % 12 + (isAfternoon ? 12 : 0) }
        guard rest.isEmpty, hour < 24, minute < 60, second < 60 else { return nil }
        let milliseconds = Int64(hour * 3600 + minute * 60 + second) * 1000 + Int64(millisecond)
        return WrittenTime(day: .date(date), millisecondOfDay: milliseconds, offsetSeconds: offset)
    }

    private static func with(_ date: CalendarDate, _ rest: Substring.UTF8View.SubSequence) -> WrittenTime? {
        var reader = TimeTextReader(String(Substring(rest)))
        var time = WrittenTime(day: .date(date))
        if reader.skipToTime() { time.millisecondOfDay = reader.clock() ?? reader.digitsOfClock() }
        time.offsetSeconds = reader.zone()
        return reader.isAtEnd ? time : nil
    }

    private static func number(_ rest: inout Substring.UTF8View.SubSequence, _ longest: Int) -> Int? {
        let digits = rest.prefix(longest).prefix { (0x30...0x39).contains($0) }
        guard let value = Int(Substring(digits)) else { return nil }
        rest = rest[digits.endIndex...]
        return value
    }

    private static func monthName(_ rest: inout Substring.UTF8View.SubSequence) -> Int? {
        let letters = rest.prefix { (0x41...0x5A).contains($0 & 0xDF) }
        let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        guard let index = names.firstIndex(of: String(Substring(letters).lowercased().prefix(3))) else { return nil }
        rest = rest[letters.endIndex...]
        return index + 1
    }

    private static func directives(_ text: String) throws(ImportFault) -> [Part] {
        let known: [Character: [Part]] = [
            "Y": [.year], "y": [.shortYear], "m": [.month], "b": [.monthName], "B": [.monthName], "h": [.monthName],
            "d": [.day], "e": [.day], "H": [.hour], "I": [.halfDayHour], "M": [.minute], "S": [.second],
            "f": [.fraction], "p": [.halfDay], "z": [.zone], "Z": [.zone],
            "F": [.year, .literal(0x2D), .month, .literal(0x2D), .day],
            "T": [.hour, .literal(0x3A), .minute, .literal(0x3A), .second], "R": [.hour, .literal(0x3A), .minute],
        ]
        var parts: [Part] = []
        var characters = text.makeIterator()
        while let character = characters.next() {
            guard character == "%" else {
                parts += character == " " ? [.space] : String(character).utf8.map { .literal($0) }
                continue
            }
            guard let directive = characters.next(), let part = known[directive] else {
                throw ImportFault(
                    "--date-format '\(text)' has an unknown directive; known are "
                        + known.keys.sorted().map { "%\($0)" }.joined(separator: " "))
            }
            parts += part
        }
        return parts
    }

    /// Runs of letters: `dd`, `mm` (a minute behind an hour), `MMM`, `yyyy`, `HH`, `ss`, `a`, `z`.
    private static func letters(_ text: String) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let first = rest.first {
            let run = rest.prefix { $0 == first }
            rest = rest[run.endIndex...]
            let part: Part? =
                switch first {
                case "y", "Y": run.count > 2 ? .year : .shortYear
                case "d", "D": .day
                case "h", "H": .hour
                case "s", "S": .second
                case "a", "A": .halfDay
                case "z", "Z", "X": .zone
                case "m", "M": parts.contains(.hour) ? .minute : run.count > 2 ? .monthName : .month
                case " ": .space
                default: nil
                }
            if let part { parts.append(part) } else { parts += run.utf8.map { .literal($0) } }
        }
        return parts
    }
}
