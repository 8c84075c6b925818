import JSON
import MarketData

/// One page of the symbol search, version 3. Every field but the symbol may be missing.
struct SearchResponse {
    struct Row {
        let symbol: String
        let description: String?
        let type: String?
        let exchange: String?
        let prefix: String?
        let sourceID: String?
        let currency: String?
        let country: String?
        let contracts: [Contract]?

        init?(_ fields: JSONFields) throws(UnreadableField) {
            guard let symbol = fields.text("symbol") else { return nil }
            self.symbol = symbol
            description = fields.text("description")
            type = fields.text("type")
            exchange = fields.text("exchange")
            prefix = fields.text("prefix")
            sourceID = fields.text("source_id")
            currency = fields.text("currency_code")
            country = fields.text("country")
            contracts = try fields.objects("contracts")?.compactMap { contract in
                contract.text("symbol").map { Contract(symbol: $0, description: contract.text("description")) }
            }
        }
    }

    /// A dated or continuous contract of a future.
    struct Contract {
        let symbol: String
        let description: String?
    }

    let remaining: Int?
    let symbols: [Row]

    /// Reads a body; `nil` for bytes that are not such a page.
    init?(_ body: [UInt8]) {
        do throws(UnreadableField) {
            guard let fields = JSONFields(parsing: body), let rows = try fields.objects("symbols") else { return nil }
            var symbols: [Row] = []
            for row in rows {
                guard let row = try Row(row) else { return nil }
                symbols.append(row)
            }
            self.symbols = symbols
            remaining = fields.value("symbols_remaining")?.integer
        } catch { return nil }
    }
}

extension SearchResponse.Row {
    /// The instruments of a row: one, or the contracts of a future.
    var instruments: [Instrument] {
        guard let contracts, !contracts.isEmpty else {
            return instrument(ticker: symbol, description: description).map { [$0] } ?? []
        }
        return contracts.compactMap { instrument(ticker: $0.symbol, description: $0.description ?? description) }
    }

    private func instrument(ticker: String, description: String?) -> Instrument? {
        let plain = SearchResponse.withoutTags(ticker)
        guard let exchange = tickerPrefix, let symbol = WireName.symbol("\(exchange):\(plain)") else { return nil }
        return Instrument(
            symbol: symbol,
            description: description.map(SearchResponse.withoutTags),
            type: type,
            currency: currency,
            country: country
        )
    }

    /// The part before the colon: the prefix if there is one, then the source, then the exchange's first word.
    private var tickerPrefix: String? {
        if let prefix, !prefix.isEmpty { return prefix }
        if let sourceID, !sourceID.isEmpty { return sourceID }
        return exchange?.split(separator: " ").first.map(String.init)
    }
}

extension SearchResponse {
    /// Takes away the tags by which the search marks what matched.
    static func withoutTags(_ text: String) -> String {
        text.replacing("<em>", with: "").replacing("</em>", with: "")
    }
}

/// A page of the scanner's response: symbols, and for each the values of the columns requested, in their order.
struct ScannerResponse {
    struct Row {
        let name: String
        /// Texts; anything else is as good as none.
        let values: [String?]
    }

    /// The columns requested, in the order in which `Row` reads them.
    static let columns = ["name", "description", "type", "currency"]

    let total: Int?
    let rows: [Row]

    /// Reads a body; `nil` for bytes that are not such a page.
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

extension ScannerResponse.Row {
    /// The instrument; `nil` for a name that is not a symbol.
    var instrument: Instrument? {
        guard values.count == ScannerResponse.columns.count, let symbol = WireName.symbol(name) else { return nil }
        return Instrument(symbol: symbol, description: values[1], type: values[2], currency: values[3])
    }
}
