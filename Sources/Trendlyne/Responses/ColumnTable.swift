import JSON
import MarketData
import SourceHTTP

/// A table of a response, whose cells are found by the names of its columns and never by their places: the order has
/// moved before.
struct ColumnTable {
    private let places: [String: Int]
    private let rows: [[JSONValue]]
    private let path: String

    /// Reads `tableHeaders: [{unique_name, ...}]` and `tableData: [[...]]`; `nil` if there are no headers at all.
    init?(_ body: JSONFields) throws(UnreadableField) {
        guard let headers = try body.objects("tableHeaders"), !headers.isEmpty else { return nil }
        var places: [String: Int] = [:]
        for (place, header) in headers.enumerated() {
            // Another table of the site calls it by the shorter name.
            guard let name = header.text("unique_name", "name") else { continue }
            guard places.updateValue(place, forKey: name) == nil else {
                throw UnreadableField(header.path, "the column '\(name.prefix(40))' is listed twice")
            }
        }
        self.places = places
        path = body.path(of: "tableData")
        var rows: [[JSONValue]] = []
        for (index, row) in (try body.list("tableData") ?? []).enumerated() {
            guard case .array(let cells) = row, cells.count == headers.count else {
                throw UnreadableField(
                    "\(path)[\(index)]", "expected a row of \(headers.count) columns, found \(row.brief)")
            }
            rows.append(cells)
        }
        self.rows = rows
    }

    /// The rows, each with its cells by name.
    var named: [JSONFields] {
        rows.enumerated().map { index, cells in
            JSONFields(places.mapValues { cells[$0] }, path: "\(path)[\(index)]")
        }
    }

    /// Makes sure that a column is there: without it every value would silently be unknown.
    func require(_ names: String...) throws(UnreadableField) {
        for name in names where places[name] == nil {
            throw UnreadableField(path, "there is no column '\(name)'")
        }
    }
}

/// The expiries that the source lists for an underlying.
struct ListedExpiries: Hashable, Sendable {
    /// Nearest first, each once.
    let dates: [CalendarDate]
    /// The one that the source shows first; `nil` if it does not say or names one that it does not list.
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
