/// TradingView's text of sessions, read.
struct SessionText {
    let hours: [SessionHours]
    let weekdays: Set<Weekday>

    init?(_ text: String) {
        if text == "24x7" {
            hours = [.wholeDay]
            weekdays = Set(Weekday.allCases)
            return
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first else { return nil }
        let read = first.split(separator: ",", omittingEmptySubsequences: false).map { SessionText.hours($0) }
        hours = read.compactMap { $0 }
        guard hours.count == read.count, SessionText.areInOrder(hours) else { return nil }
        guard let days = SessionText.weekdays(parts.count == 2 ? parts[1] : "23456") else { return nil }
        weekdays = days
    }

    /// Reads `YYYYMMDD`.
    static func date(_ text: some StringProtocol) -> CalendarDate? {
        let digits = String(text).filter { $0 != " " }
        guard digits.utf8.count == 8 else { return nil }
        return CalendarDate("\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))")
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

    private static func weekdays(_ digits: Substring) -> Set<Weekday>? {
        let days = digits.compactMap(\.wholeNumberValue).compactMap { Weekday(rawValue: ($0 + 5) % 7) }
        guard !days.isEmpty, days.count == digits.count, digits.allSatisfy({ ("1"..."7").contains($0) }) else {
            return nil
        }
        return Set(days)
    }
}
