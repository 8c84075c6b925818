import JSON
import MarketData
import SourceHTTP

/// The site's dates: `14-Jul-2026` in lists and addresses, `14-07-2026` in rows of the newest generation, and
/// `10-Jul-2026 15:30:00` for a stamp, which is India's time without saying so.
enum SourceDate {
    /// The day; `nil` for anything else.
    static func date(_ text: some StringProtocol) -> CalendarDate? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, (1...2).contains(parts[0].utf8.count), parts[2].utf8.count == 4,
            let day = number(parts[0]), let year = number(parts[2]), let month = month(parts[1])
        else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    /// The instant; `nil` for anything else.
    static func timestamp(_ text: some StringProtocol) -> Timestamp? {
        let halves = text.split(separator: " ")
        guard halves.count == 2, let date = date(halves[0]), let time = ClockTime(halves[1]) else { return nil }
        return IndianTime.timestamp(date, time)
    }

    /// As the site writes an expiry in lists and wants it in addresses: `14-Jul-2026`.
    static func text(_ date: CalendarDate) -> String {
        let (year, month, day) = date.parts
        return "\(day < 10 ? "0" : "")\(day)-\(months[month - 1])-\(year)"
    }

    /// The English abbreviations (POSIX locale), in every locale.
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func month(_ text: some StringProtocol) -> Int? {
        if text.utf8.count == 2 { return number(text) }
        return months.firstIndex { $0.lowercased() == text.lowercased() }.map { $0 + 1 }
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
    }
}

extension JSONFields {
    /// A date as the site writes it, such as `14-Jul-2026` or `14-07-2026`; `nil` if it is absent, null or empty.
    func siteDate(_ name: String) throws(UnreadableField) -> CalendarDate? {
        guard let text = text(name) else { return nil }
        guard let date = SourceDate.date(text) else {
            throw UnreadableField(path(of: name), "expected a date such as 14-Jul-2026, found '\(text.prefix(60))'")
        }
        return date
    }
}
