/// TradingView's text of sessions, read. The grammar:
///
///     text   = [ day ";" ] all [ ";" day ]         a digit beside it is the day that begins the week on charts
///     all    = era *( "#" YYYYMMDD "/" era )       what holds from a date on follows the date
///     era    = "24x7" / part *( "|" part )
///     part   = day [ ":" 1*( "1" to "7" ) ]        Monday to Friday unless named; Sunday is 1; a named day wins
///     day    = "dayoff" / "24x7" / span *( "," span )
///     span   = range *( ( "S" / "E" / "A" / "U" ) range )
///     range  = time "-" time                       one that ends no later than it begins, begins the evening before
///     time   = HHMM [ "F" [ digit ] ]              on the day before, or a number of days before
///
/// `S` is a further session of the day. `E`, `A` and `U` are extended hours and auctions beside a session: bars may lie
/// there and need not, so they are not among the hours here.
struct SessionText {
    /// A session of a trading day, in seconds after that day's midnight; negative on the evening before.
    struct Span: Hashable {
        var from: Int
        var to: Int
    }

    /// The hours by day of the week from a date on.
    struct Era {
        /// The first day they hold; `nil` for the first hours of a text.
        let since: CalendarDate?
        let hours: [Weekday: [Span]]
    }

    /// Ascending by date.
    let eras: [Era]

    /// The longest text that is read, in bytes; real ones have less than a hundred.
    static let longest = 2_000

    init?(_ text: String) {
        guard text.utf8.count <= SessionText.longest else { return nil }
        let text = SessionText.withoutFirstDay(text)
        var eras: [Era] = []
        for (index, piece) in text.split(separator: "#", omittingEmptySubsequences: false).enumerated() {
            guard index > 0 else {
                guard let hours = SessionText.week(piece) else { return nil }
                eras.append(Era(since: nil, hours: hours))
                continue
            }
            let ends = piece.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard ends.count == 2, let since = SessionText.date(ends[0]), let hours = SessionText.week(ends[1]),
                eras.last?.since.map({ $0 < since }) ?? true
            else { return nil }
            eras.append(Era(since: since, hours: hours))
        }
        self.eras = eras
    }

    /// The sessions of a day by the day of the week, ascending.
    func spans(on date: CalendarDate) -> [Span] {
        let era = eras.last { $0.since.map { $0 <= date } ?? true }
        return era?.hours[date.weekday] ?? []
    }

    private static func withoutFirstDay(_ text: String) -> Substring {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return text[...] }
        for (day, rest) in [(parts[0], parts[1]), (parts[1], parts[0])] {
            if day.utf8.count == 1, ("1"..."7").contains(day) { return rest }
        }
        return text[...]
    }

    private static func week(_ text: Substring) -> [Weekday: [Span]]? {
        if text == "24x7" {
            return Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, [Span(from: 0, to: 86_400)]) })
        }
        var (everyDay, named): ([Weekday: [Span]], [Weekday: [Span]]) = ([:], [:])
        for part in text.split(separator: "|", omittingEmptySubsequences: false) {
            let ends = part.split(separator: ":", omittingEmptySubsequences: false)
            guard ends.count <= 2, let read = sessions(ends[0]),
                let days = weekdays(ends.count == 2 ? ends[1] : "23456")
            else { return nil }
            for day in days {
                if ends.count == 2 { named[day] = read } else { everyDay[day] = read }
            }
        }
        return everyDay.merging(named) { $1 }
    }

    /// Reads the sessions of one day, `0215-0826,0830-1516`; none for `dayoff`.
    static func sessions(_ text: Substring) -> [Span]? {
        if text == "dayoff" { return [] }
        if text == "24x7" { return [Span(from: 0, to: 86_400)] }
        var spans: [Span] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let read = marked(part) else { return nil }
            spans += read
        }
        return ordered(spans)
    }

    /// Reads `YYYYMMDD`.
    static func date(_ text: Substring) -> CalendarDate? {
        guard text.utf8.count == 8 else { return nil }
        return CalendarDate("\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))")
    }

    /// Reads a range and those with a marker after it; gives the regular ones.
    private static func marked(_ text: Substring) -> [Span]? {
        var spans: [Span] = []
        var rest = text
        var marker: Character = "S"
        repeat {
            let end = rest.firstIndex { "SEAU".contains($0) } ?? rest.endIndex
            guard let span = span(rest[..<end]) else { return nil }
            if marker == "S" { spans.append(span) }
            guard end < rest.endIndex else { return spans }
            marker = rest[end]
            rest = rest[rest.index(after: end)...]
        } while true
    }

    private static func span(_ text: Substring) -> Span? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let opens = time(ends[0]), let closes = time(ends[1]) else { return nil }
        var span = Span(from: opens.seconds, to: closes.seconds)
        if !opens.isDated, !closes.isDated, span.to <= span.from {
            if span == Span(from: 0, to: 0) { span.to = 86_400 } else { span.from -= 86_400 }
        }
        return span.from < span.to ? span : nil
    }

    private static func time(_ text: Substring) -> (seconds: Int, isDated: Bool)? {
        let parts = text.split(separator: "F", maxSplits: 1, omittingEmptySubsequences: false)
        guard let clock = parts.first, clock.utf8.count == 4, let digits = Int(clock), digits >= 0,
            clock.utf8.allSatisfy({ (48...57).contains($0) }), digits % 100 < 60, digits <= 2400
        else { return nil }
        let seconds = (digits / 100 * 60 + digits % 100) * 60
        guard parts.count == 2 else { return (seconds, false) }
        guard let days = parts[1].isEmpty ? 1 : parts[1].utf8.count == 1 ? Int(parts[1]) : nil, days > 0 else {
            return nil
        }
        return (seconds - days * 86_400, true)
    }

    /// Sessions in order, none beginning before another has ended. One that is followed by earlier hours of the clock
    /// (`2100-2300,0900-1130`) is of the evening before.
    private static func ordered(_ spans: [Span]) -> [Span]? {
        var ordered: [Span] = []
        for var span in spans.reversed() {
            if let next = ordered.last, span.to > next.from {
                guard span.from >= 12 * 3600 else { return nil }
                span.from -= 86_400
                span.to -= 86_400
            }
            if let next = ordered.last, span.to > next.from { return nil }
            ordered.append(span)
        }
        return ordered.reversed()
    }

    private static func weekdays(_ digits: Substring) -> [Weekday]? {
        guard !digits.isEmpty, digits.allSatisfy({ ("1"..."7").contains($0) }) else { return nil }
        return digits.compactMap(\.wholeNumberValue).compactMap { Weekday(rawValue: ($0 + 5) % 7) }
    }
}
