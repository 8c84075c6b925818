import MarketData

/// One page of the symbol search, version 3, as TradingView writes it. Every field may be missing.
struct SearchAnswer: Decodable {
    struct Row: Decodable {
        let symbol: String
        let description: String?
        let type: String?
        let exchange: String?
        let prefix: String?
        let sourceID: String?
        let currency: String?
        let country: String?
        let contracts: [Contract]?

        enum CodingKeys: String, CodingKey {
            case symbol, description, type, exchange, prefix, country, contracts
            case sourceID = "source_id"
            case currency = "currency_code"
        }
    }

    /// A dated or continuous contract of a future.
    struct Contract: Decodable {
        let symbol: String
        let description: String?
    }

    let remaining: Int?
    let symbols: [Row]

    enum CodingKeys: String, CodingKey {
        case symbols
        case remaining = "symbols_remaining"
    }
}

extension SearchAnswer.Row {
    /// The instruments of a row: one, or the contracts of a future.
    var instruments: [Instrument] {
        guard let contracts, !contracts.isEmpty else {
            return instrument(ticker: symbol, description: description).map { [$0] } ?? []
        }
        return contracts.compactMap { instrument(ticker: $0.symbol, description: $0.description ?? description) }
    }

    private func instrument(ticker: String, description: String?) -> Instrument? {
        let plain = SearchAnswer.withoutTags(ticker)
        guard let exchange = tickerPrefix, let symbol = WireName.symbol("\(exchange):\(plain)") else { return nil }
        return Instrument(
            symbol: symbol,
            description: description.map(SearchAnswer.withoutTags),
            type: type,
            currency: currency,
            country: country
        )
    }

    /// What stands before the colon: the prefix if there is one, then the source, then the exchange's first word.
    private var tickerPrefix: String? {
        if let prefix, !prefix.isEmpty { return prefix }
        if let sourceID, !sourceID.isEmpty { return sourceID }
        return exchange?.split(separator: " ").first.map(String.init)
    }
}

extension SearchAnswer {
    /// Takes away the tags by which the search marks what matched.
    static func withoutTags(_ text: String) -> String {
        text.replacing("<em>", with: "").replacing("</em>", with: "")
    }
}
