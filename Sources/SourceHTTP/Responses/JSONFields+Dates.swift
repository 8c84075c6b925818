public import JSON
public import MarketData

extension JSONFields {
    /// A date written `YYYY-MM-DD`; `nil` where it is absent, null or empty.
    public func date(_ name: String) throws(UnreadableField) -> CalendarDate? {
        guard let text = text(name) else { return nil }
        guard let date = CalendarDate(text) else {
            throw UnreadableField(path(of: name), "expected a date such as 2026-01-27, found '\(text.prefix(60))'")
        }
        return date
    }

    /// Dates written `YYYY-MM-DD`, in a list or as one text; `nil` where the field is absent or null.
    public func dates(_ name: String) throws(UnreadableField) -> [CalendarDate]? {
        guard value(name) != nil else { return nil }
        if case .string = value(name) { return try date(name).map { [$0] } ?? [] }
        var dates: [CalendarDate] = []
        for item in try list(name) ?? [] {
            guard case .string(let text) = item, let date = CalendarDate(text) else {
                throw UnreadableField(path(of: name), "expected dates such as 2026-01-27, found \(item.brief)")
            }
            dates.append(date)
        }
        return dates
    }
}
