import JSON
import MarketData
import TradingViewProtocol

/// The scanner: `GET /symbol` and `POST /{region}/scan`, with the columns that the market can fill.
struct ScannerPage: Sendable {
    private static let regions: [String: String?] = ["india": "IN", "america": "US", "global": nil]
    private static let columns: Set<String> = [
        "name", "description", "exchange", "type", "currency", "update_mode", "close", "open", "high", "low", "volume",
        "change", "change_abs", "bid", "ask", "pricescale", "minmov", "typespecs", "country",
    ]
    /// Further columns of the catalogue that clients request, without a value here.
    private static let unfilled: Set<String> = [
        "logoid", "fractional", "minmove2", "subtype", "market", "sector", "sector.tr", "industry", "Perf.W", "Perf.1M",
        "Perf.3M", "Perf.6M", "Perf.YTD", "Perf.Y", "Perf.5Y", "Perf.10Y", "Perf.All", "Perf.1Y.MarketCap",
        "Volatility.D", "Volatility.W", "Volatility.M", "Value.Traded", "relative_volume_10d_calc", "market_cap_basic",
        "market_cap_calc", "fundamental_currency_code", "price_earnings_ttm", "price_earnings_growth_ttm",
        "price_sales_current", "price_book_fq", "price_to_cash_f_operating_activities_ttm",
        "price_free_cash_flow_ttm", "price_to_cash_ratio", "enterprise_value_current",
        "enterprise_value_to_revenue_ttm", "enterprise_value_to_ebit_ttm", "enterprise_value_ebitda_ttm",
        "earnings_per_share_basic_ttm", "earnings_per_share_diluted_ttm",
        "earnings_per_share_diluted_yoy_growth_ttm", "dps_common_stock_prim_issue_fy",
        "dps_common_stock_prim_issue_fq", "dividends_yield_current", "dividends_yield", "dividend_payout_ratio_ttm",
        "dps_common_stock_prim_issue_yoy_growth_fy", "continuous_dividend_payout", "continuous_dividend_growth",
        "gross_margin_ttm", "operating_margin_ttm", "pre_tax_margin_ttm", "net_margin_ttm",
        "free_cash_flow_margin_ttm", "return_on_assets_fq", "return_on_equity_fq", "return_on_invested_capital_fq",
        "research_and_dev_ratio_ttm", "sell_gen_admin_exp_other_ratio_ttm", "total_revenue_ttm",
        "total_revenue_yoy_growth_ttm", "gross_profit_ttm", "oper_income_ttm", "net_income_ttm", "ebitda_ttm",
        "total_assets_fq", "total_current_assets_fq", "cash_n_short_term_invest_fq", "total_liabilities_fq",
        "total_debt_fq", "net_debt_fq", "total_equity_fq", "current_ratio_fq", "quick_ratio_fq", "debt_to_equity_fq",
        "cash_n_short_term_invest_to_total_debt_fq", "cash_f_operating_activities_ttm",
        "cash_f_investing_activities_ttm", "cash_f_financing_activities_ttm", "free_cash_flow_ttm",
        "capital_expenditures_ttm", "recommendation_mark",
    ]

    private static func knows(_ column: String) -> Bool {
        columns.contains(column) || unfilled.contains(column) || TechnicalColumns.knows(column)
    }

    let simulation: Simulation

    func response(to request: WebRequest) -> WebResponse? {
        let parts = request.path.split(separator: "/").map(String.init)
        if parts == ["symbol"], request.method == "GET" { return symbol(request) }
        if parts.count == 2, parts[1] == "scan", request.method == "POST", ScannerPage.regions[parts[0]] != nil {
            return scan(request, country: ScannerPage.regions[parts[0]] ?? nil)
        }
        return nil
    }

    private func symbol(_ request: WebRequest) -> WebResponse {
        let fields = (request.query["fields"] ?? "close").split(separator: ",").map(String.init)
        guard let values = values(request.query["symbol"] ?? "", fields) else {
            return request.query["no_404"] == "true"
                ? .json(.null) : .json(["error": "no such symbol"], status: 404)
        }
        return .json(.object(fields.map { ($0, values[$0] ?? .null) }))
    }

    private func scan(_ request: WebRequest, country: String?) -> WebResponse {
        guard let request = JSONValue(parsing: request.body), request.object != nil else {
            return .json(["error": "the body must be a JSON object"], status: 400)
        }
        let columns = request["columns"]?.array?.compactMap(\.string) ?? ["name", "close"]
        let mayHoldUnknown = request["ignore_unknown_fields"]?.bool ?? false
        if !mayHoldUnknown, let unknown = columns.first(where: { !ScannerPage.knows($0) }) {
            let error: JSONText = .string("Unknown field \"\(unknown)\"")
            return .json(.object([("totalCount", 0), ("error", error), ("data", .null)]), status: 400)
        }
        let tickers = request["symbols"]?["tickers"]?.array?.compactMap(\.string)
        let symbols = tickers ?? simulation.market.symbols.map(\.description)
        let found = symbols.filter { name in
            guard let instrument = simulation.market.instrument(named: name) else { return false }
            return country == nil || instrument.country == country
        }
        let range = request["range"]?.array?.compactMap(\.integer) ?? [0, 50]
        let start = max(0, range.first ?? 0)
        let page = found.dropFirst(start).prefix(max(0, (range.last ?? 50) - start))
        let rows = page.compactMap { name -> JSONText? in
            values(name, columns).map { values in
                .object([("s", .string(name)), ("d", .list(columns.map { values[$0] ?? .null }))])
            }
        }
        return .json(.object([("totalCount", .int(Int64(found.count))), ("data", .list(rows))]))
    }

    private func values(_ name: String, _ columns: [String]) -> [String: JSONText]? {
        let now = simulation.configuration.clock()
        guard simulation.recording == nil, let instrument = simulation.market.instrument(named: name),
            let quote = simulation.market.quote(
                of: instrument, at: simulation.marketTime(at: now, of: instrument))
        else { return nil }
        func number(_ value: Double?) -> JSONText { value.map { .float($0) } ?? .null }
        let plain: [String: JSONText] = [
            "name": .string(instrument.symbol.ticker), "description": .string(instrument.description),
            "exchange": .string(instrument.exchangeName), "type": .string(instrument.type),
            "currency": .string(instrument.currency), "update_mode": .string(simulation.updateMode(of: instrument)),
            "pricescale": .int(instrument.priceScale), "minmov": .int(instrument.minimumMove),
            "close": number(quote.last), "open": number(quote.open), "high": number(quote.high),
            "low": number(quote.low), "volume": number(quote.volume), "change": number(quote.changePercent),
            "change_abs": number(quote.change), "bid": number(quote.bid), "ask": number(quote.ask),
            "typespecs": instrument.type == "stock" ? ["common"] : [], "country": .string(instrument.country),
        ]
        return plain.merging(technicals(of: instrument, columns, at: now)) { plain, _ in plain }
    }

    /// The technical values among the columns.
    private func technicals(
        of instrument: SimulatedInstrument, _ columns: [String], at now: Timestamp
    ) -> [String: JSONText] {
        let wanted = columns.filter(TechnicalColumns.computes).compactMap { column in
            TechnicalColumns.Name(column).map { (column, $0) }
        }
        let moment = simulation.marketTime(at: now, of: instrument)
        var values: [String: JSONText] = [:]
        for (interval, names) in Dictionary(grouping: wanted, by: { $0.1.interval }) {
            let technicals = TechnicalColumns(
                bars: simulation.market.newestBars(
                    of: instrument, interval, count: TechnicalColumns.barCount, at: moment))
            for (column, name) in names {
                values[column] = technicals.value(name.indicator).map { .float($0) } ?? .null
            }
        }
        return values
    }
}
