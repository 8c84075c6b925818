import JSON
import MarketData

/// A page of the scanner's response: symbols, and for each the values of the columns requested, in their order.
struct ScannerAnswer {
    struct Row {
        let name: String
        /// Texts; anything else is as good as none.
        let values: [String?]
    }

    /// The columns requested, in the order in which `Row` reads them.
    static let columns = ["name", "description", "type", "currency"]

    let total: Int?
    let rows: [Row]

    /// Reads a body; `nil` for bytes that are no such page.
    init?(_ body: [UInt8]) {
        guard let fields = JSONFields(parsing: body), let items = try? fields.objects("data") else { return nil }
        var rows: [Row] = []
        for item in items {
            guard let name = item.text("s"), let values = try? item.list("d") else { return nil }
            rows.append(Row(name: name, values: values.map { $0.string?.printable }))
        }
        self.rows = rows
        total = fields.value("totalCount")?.integer
    }
}

extension ScannerAnswer.Row {
    /// The instrument; `nil` for a name that is no symbol.
    var instrument: Instrument? {
        guard values.count == ScannerAnswer.columns.count, let symbol = WireName.symbol(name) else { return nil }
        return Instrument(symbol: symbol, description: values[1], type: values[2], currency: values[3])
    }
}
