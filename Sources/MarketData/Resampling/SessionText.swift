/// TradingView's text of sessions, read: hours by day of the week.
struct SessionText {
    let hours: [Weekday: [SessionHours]]

    /// Reads `0930-1600`, `24x7`, and hours that differ by day, such as `0900-1630|0900-1400:2`.
    init?(_ text: String) {
        if text == "24x7" {
            hours = Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, [.wholeDay]) })
            return
        }
        var (everyDay, named): ([Weekday: [SessionHours]], [Weekday: [SessionHours]]) = ([:], [:])
        for part in text.split(separator: "|", omittingEmptySubsequences: false) {
            let ends = part.split(separator: ":", omittingEmptySubsequences: false)
            guard ends.count <= 2, let read = SessionText.sessions(ends[0]),
                let days = SessionText.weekdays(ends.count == 2 ? ends[1] : "23456")
            else { return nil }
            for day in days {
                if ends.count == 2 { named[day] = read } else { everyDay[day] = read }
            }
        }
        hours = everyDay.merging(named) { $1 }
    }

    /// Reads the sessions of one day, `0215-0826,0830-1516`; none for `dayoff`.
    static func sessions(_ text: Substring) -> [SessionHours]? {
        if text == "dayoff" { return [] }
        let read = text.split(separator: ",", omittingEmptySubsequences: false).map { hours($0) }
        let known = read.compactMap { $0 }
        return known.count == read.count && areInOrder(known) ? known : nil
    }

    /// Reads `YYYYMMDD`.
    static func date(_ text: Substring) -> CalendarDate? {
        guard text.utf8.count == 8 else { return nil }
        return CalendarDate("\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))")
    }

    private static func hours(_ text: Substring) -> SessionHours? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let opens = time(ends[0]), let closes = time(ends[1]) else { return nil }
        if opens.secondsAfterMidnight == 0, closes == opens { return .wholeDay }
        return SessionHours(opens: opens, closes: closes)
    }

    private static func time(_ text: Substring) -> ClockTime? {
        if text == "2400" { return ClockTime(hour: 24, minute: 0) }
        guard text.utf8.count == 4 else { return nil }
        return ClockTime("\(text.prefix(2)):\(text.suffix(2))")
    }

    /// Only the first session of a day may begin the evening before, and none before another has ended.
    private static func areInOrder(_ hours: [SessionHours]) -> Bool {
        zip(hours, hours.dropFirst()).allSatisfy { earlier, later in
            later.opens < later.closes && earlier.closes <= later.opens
        }
    }

    private static func weekdays(_ digits: Substring) -> [Weekday]? {
        guard !digits.isEmpty, digits.allSatisfy({ ("1"..."7").contains($0) }) else { return nil }
        return digits.compactMap(\.wholeNumberValue).compactMap { Weekday(rawValue: ($0 + 5) % 7) }
    }
}
