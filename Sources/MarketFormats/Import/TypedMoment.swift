public import MarketData

/// A date or a moment as a person types it, such as `28-11-2026`, `28 Nov 2026 09:15` or `20261128`.
public enum TypedMoment {
    /// Returns the text in ISO 8601 (`2026-11-28`, `2026-11-28T09:15:00`, with an offset where there was one); `nil` for
    /// text that is no date, or none that needs another spelling.
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
