import MarketData

/// `GET /symbol_search/` (a list) and `GET /symbol_search/v3/` (pages of 50).
struct SymbolSearchPage: Sendable {
    private static let pageLength = 50
    private static let longest = 1_000

    let simulation: Simulation

    func response(to request: WebRequest) async -> WebResponse? {
        let path = request.path.hasSuffix("/") ? request.path : request.path + "/"
        guard path == "/symbol_search/" || path == "/symbol_search/v3/" else { return nil }
        let isThird = path == "/symbol_search/v3/"
        guard isAllowed(request.headers["origin"], isThird: isThird) else {
            return .html("<html><body>Forbidden</body></html>", status: 403)
        }
        let found = await simulation.market.search(query(request, typeName: isThird ? "search_type" : "type"))
        let text = bareText(request)
        let marks = request.query["hl"] == "1"
        guard isThird else {
            return .json(.list(found.prefix(SymbolSearchPage.pageLength).map { item($0, marking: marks ? text : "") }))
        }
        let start = max(0, Int(request.query["start"] ?? "") ?? 0)
        let page = found.dropFirst(start).prefix(SymbolSearchPage.pageLength)
        return .json(
            .object([
                ("symbols_remaining", .int(Int64(max(0, found.count - start - page.count)))),
                ("symbols", .list(page.map { item($0, marking: marks ? text : "") })),
            ])
        )
    }

    /// Upstream refuses pages of other sites. Version 3 also wants its own site named; clients of the older address, such as
    /// tvDatafeed and tradingview-ta, send no origin.
    private func isAllowed(_ origin: String?, isThird: Bool) -> Bool {
        guard let origin else { return !isThird }
        let host = origin.split(separator: "/").last.map(String.init) ?? ""
        return host == "tradingview.com" || host.hasSuffix(".tradingview.com")
    }

    private func query(_ request: WebRequest, typeName: String) -> SymbolQuery {
        let type = request.query[typeName] ?? ""
        let singular = ["stocks": "stock", "funds": "fund", "bonds": "bond", "indices": "index"][type] ?? type
        let parts = (request.query["text"] ?? "").split(separator: ":", maxSplits: 1).map(String.init)
        let named = parts.count == 2 ? parts[0] : ""
        let exchange = request.query["exchange"].flatMap { $0.isEmpty ? nil : $0 } ?? named
        return SymbolQuery(
            text: bareText(request), type: ["", "undefined"].contains(singular) ? nil : singular,
            exchange: exchange.isEmpty ? nil : exchange, limit: SymbolSearchPage.longest
        )
    }

    /// The text without an exchange before it.
    private func bareText(_ request: WebRequest) -> String {
        let text = request.query["text"] ?? ""
        return text.split(separator: ":", maxSplits: 1).last.map(String.init) ?? text
    }

    private func item(_ found: Instrument, marking text: String) -> JSONText {
        let exchange = found.symbol.exchange
        let isFuture = found.type == "futures"
        // A continuous future is a contract of its root.
        let ticker = isFuture ? String(found.symbol.ticker.prefix { !$0.isNumber }) : found.symbol.ticker
        var members: [(String, JSONText)] = [
            ("symbol", .string(SymbolSearchPage.mark(text, in: ticker))),
            ("description", .string(SymbolSearchPage.mark(text, in: found.description ?? ""))),
            ("type", .string(found.type ?? "")), ("exchange", .string(exchange)), ("source_id", .string(exchange)),
            ("source2", ["id": .string(exchange), "name": .string(exchange), "description": .string(exchange)]),
            ("provider_id", "bhav-simulator"), ("currency_code", .string(found.currency ?? "")),
            ("country", .string(found.country ?? "")), ("is_primary_listing", true),
            ("typespecs", found.type == "stock" ? ["common"] : []),
        ]
        if isFuture {
            let contract: JSONText = .object([
                ("symbol", .string(found.symbol.ticker)), ("description", .string(found.description ?? "")),
                ("typespecs", ["continuous", "synthetic"]),
            ])
            members.append(("contracts", .list([contract])))
        }
        return .object(members)
    }

    /// Puts `<em>` around the first occurrence of the text, ignoring case.
    static func mark(_ text: String, in whole: String) -> String {
        let (upper, wanted) = (Array(whole.uppercased()), Array(text.uppercased()))
        let letters = Array(whole)
        guard !wanted.isEmpty, upper.count == letters.count, wanted.count <= letters.count else { return whole }
        for start in 0...(letters.count - wanted.count) where Array(upper[start..<start + wanted.count]) == wanted {
            let end = start + wanted.count
            return String(letters[..<start]) + "<em>" + String(letters[start..<end]) + "</em>" + String(letters[end...])
        }
        return whole
    }
}
