import JSON
import MarketData
import SourceHTTP

extension JSONFields {
    /// A date as the site writes it, such as `14-Jul-2026` or `14-07-2026`; `nil` where it is absent, null or empty.
    func siteDate(_ name: String) throws(UnreadableField) -> CalendarDate? {
        guard let text = text(name) else { return nil }
        guard let date = SourceDate.date(text) else {
            throw UnreadableField(path(of: name), "expected a date such as 14-Jul-2026, found '\(text.prefix(60))'")
        }
        return date
    }
}
