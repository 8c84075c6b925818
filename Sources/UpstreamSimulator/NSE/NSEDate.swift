import MarketData

/// How NSE writes dates: `14-Jul-2026` in lists and questions, `14-07-2026` in rows, `10-Jul-2026 15:30:00` as a stamp.
enum NSEDate {
    static func listed(_ date: CalendarDate) -> String {
        let (year, month, day) = date.parts
        return "\(padded(day))-\(EnglishMonths.name(month))-\(year)"
    }

    static func inRow(_ date: CalendarDate) -> String {
        let (year, month, day) = date.parts
        return "\(padded(day))-\(padded(month))-\(year)"
    }

    static func stamp(_ time: Timestamp) -> String {
        let (date, clock) = IndianTime.split(time)
        return "\(listed(date)) \(clock.fullDescription)"
    }

    /// Reads what a list gave; `nil` for anything else.
    static func read(_ text: String) -> CalendarDate? {
        let parts = text.split(separator: "-")
        guard parts.count == 3, let day = Int(parts[0]), let month = EnglishMonths.number(parts[1]),
            let year = Int(parts[2])
        else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    private static func padded(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
}
