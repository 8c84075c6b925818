import JSON
import MarketData
import SourceHTTP

/// The expiries that the source lists for an underlying.
struct ListedExpiries: Hashable, Sendable {
    /// Nearest first, each once.
    let dates: [CalendarDate]
    /// The one that the source shows first; `nil` where it does not say or names one that it does not list.
    let standard: CalendarDate?

    private init(_ dates: [CalendarDate], standard: CalendarDate?) {
        self.dates = Set(dates).sorted()
        self.standard = standard.flatMap { dates.contains($0) ? $0 : nil }
    }

    /// Reads `fno/get-expiry-dates`: `body.expiryDates` and `body.default_expiry_date`.
    static func ofExpiryDates(_ body: JSONFields) throws(UnreadableField) -> ListedExpiries {
        guard let dates = try body.dates("expiryDates") else {
            throw UnreadableField(body.path(of: "expiryDates"), "expected a list of dates, found nothing")
        }
        return ListedExpiries(dates, standard: try body.date("default_expiry_date"))
    }

    /// Reads `search-contract-expiry-dates`: `body.data.all_exp_list`.
    static func ofContractSearch(_ body: JSONFields) throws(UnreadableField) -> ListedExpiries {
        guard let dates = try body.object("data")?.dates("all_exp_list") else {
            throw UnreadableField(body.path(of: "data.all_exp_list"), "expected a list of dates, found nothing")
        }
        return ListedExpiries(dates, standard: nil)
    }
}
