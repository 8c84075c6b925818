import JSON
import MarketData
import TradingViewProtocol

/// The scanner: `GET /symbol` and `POST /{region}/scan`, with the columns that the market can fill.
struct ScannerPage: Sendable {
    private static let regions: [String: String?] = ["india": "IN", "america": "US", "global": nil]
    private static let columns: Set<String> = [
        "name", "description", "exchange", "type", "currency", "update_mode", "close", "open", "high", "low", "volume",
        "change", "change_abs", "bid", "ask", "pricescale", "minmov",
    ]

    let simulation: Simulation

    func answer(_ request: WebRequest) -> WebAnswer? {
        let parts = request.path.split(separator: "/").map(String.init)
        if parts == ["symbol"], request.method == "GET" { return symbol(request) }
        if parts.count == 2, parts[1] == "scan", request.method == "POST", ScannerPage.regions[parts[0]] != nil {
            return scan(request, country: ScannerPage.regions[parts[0]] ?? nil)
        }
        return nil
    }

    private func symbol(_ request: WebRequest) -> WebAnswer {
        guard let figures = figures(request.query["symbol"] ?? "") else {
            return request.query["no_404"] == "true"
                ? .json(.null) : .json(["error": "no such symbol"], status: 404)
        }
        let fields = (request.query["fields"] ?? "close").split(separator: ",").map(String.init)
        return .json(.object(fields.map { ($0, figures[$0] ?? .null) }))
    }

    private func scan(_ request: WebRequest, country: String?) -> WebAnswer {
        guard let wish = JSONValue(parsing: request.body), wish.object != nil else {
            return .json(["error": "the body is no JSON object"], status: 400)
        }
        let columns = wish["columns"]?.array?.compactMap(\.string) ?? ["name", "close"]
        let mayHoldUnknown = wish["ignore_unknown_fields"]?.bool ?? false
        if !mayHoldUnknown, let unknown = columns.first(where: { !ScannerPage.columns.contains($0) }) {
            let error: JSONText = .string("Unknown field \"\(unknown)\"")
            return .json(.object([("totalCount", 0), ("error", error), ("data", .null)]), status: 400)
        }
        let tickers = wish["symbols"]?["tickers"]?.array?.compactMap(\.string)
        let symbols = tickers ?? simulation.market.symbols.map(\.description)
        let found = symbols.compactMap { name -> (String, [String: JSONText])? in
            guard let instrument = simulation.market.instrument(named: name),
                country == nil || instrument.country == country, let figures = figures(name)
            else { return nil }
            return (name, figures)
        }
        let range = wish["range"]?.array?.compactMap(\.integer) ?? [0, 50]
        let start = max(0, range.first ?? 0)
        let page = found.dropFirst(start).prefix(max(0, (range.last ?? 50) - start))
        let rows = page.map { name, figures -> JSONText in
            .object([("s", .string(name)), ("d", .list(columns.map { figures[$0] ?? .null }))])
        }
        return .json(.object([("totalCount", .int(Int64(found.count))), ("data", .list(rows))]))
    }

    private func figures(_ name: String) -> [String: JSONText]? {
        let now = simulation.configuration.clock()
        guard simulation.recording == nil, let instrument = simulation.market.instrument(named: name),
            let quote = simulation.market.quote(
                of: instrument, at: simulation.marketTime(at: now, of: instrument))
        else { return nil }
        func number(_ figure: Double?) -> JSONText { figure.map { .float($0) } ?? .null }
        return [
            "name": .string(instrument.symbol.ticker), "description": .string(instrument.description),
            "exchange": .string(instrument.exchangeName), "type": .string(instrument.type),
            "currency": .string(instrument.currency), "update_mode": .string(simulation.updateMode(of: instrument)),
            "pricescale": .int(instrument.priceScale), "minmov": .int(instrument.minimumMove),
            "close": number(quote.last), "open": number(quote.open), "high": number(quote.high),
            "low": number(quote.low), "volume": number(quote.volume), "change": number(quote.changePercent),
            "change_abs": number(quote.change), "bid": number(quote.bid), "ask": number(quote.ask),
        ]
    }
}
