import MarketData
import Synchronization

/// Trendlyne's `/phoenix/api/`, so far as open interest is concerned, with the traps of the real one.
struct TrendlynePages: Sendable {
    static let root = "/phoenix/api/"

    let simulation: Simulation
    private let budget: RequestQuota
    private let refusals = RequestNumber()

    init(simulation: Simulation) {
        self.simulation = simulation
        budget = RequestQuota(simulation.configuration.trendlyneQuota)
    }

    func response(to request: WebRequest) -> WebResponse {
        if let refusal = refusal() { return refusal }
        guard let body = body(request) else { return .notFound(request.path) }
        let response = WebResponse.json(body)
        guard wantsPage(request) else { return response }
        // The framework behind the site shows browsers a page with the JSON in it.
        let text = String(decoding: response.body, as: UTF8.self)
        return .html("<!DOCTYPE html><html><head><title>API</title></head><body><pre>\(text)</pre></body></html>")
    }

    private func body(_ request: WebRequest) -> JSONText? {
        let path = String(request.path.dropFirst(TrendlynePages.root.count))
        let now = simulation.configuration.clock()
        let market = simulation.market
        if BuildUpPageRequest.matches(path) { return buildUp(path, request, at: now) }
        switch path.hasSuffix("/") ? path : path + "/" {
        case "search-contract-stock/":
            return TrendlyneEnvelope.success(TrendlyneStocks.search(request.query["query"] ?? "", in: market))
        case "fno/get-expiry-dates/":
            return expiryDates(request, at: now)
        case "search-contract-expiry-dates/":
            let expiries = expiries(stock: request.query["stock_pk"], at: now)
            let list = JSONText.list(expiries.map { .string($0.description) })
            return TrendlyneEnvelope.success(.object([("data", .object([("all_exp_list", list)]))]))
        case "live-oi-data/":
            return TrendlyneEnvelope.success(liveOpenInterest(request, at: now))
        case "fno/option/chain/":
            return TrendlyneEnvelope.success(chain(request, at: now))
        default: return nil
        }
    }

    private func expiries(stock: String?, at now: Timestamp) -> [CalendarDate] {
        guard let symbol = TrendlyneStocks.symbol(id: stock ?? "") else { return [] }
        return simulation.market.expiries(of: symbol, at: now)?.expiries ?? []
    }

    /// Of options unless futures are requested; without a stock those of the futures at large.
    private func expiryDates(_ request: WebRequest, at now: Timestamp) -> JSONText {
        let stock = request.query["stock_id"]
        var dates = expiries(stock: stock, at: now)
        if request.query["mtype"] == "futures" || stock == nil {
            let symbol = TrendlyneStocks.symbol(id: stock ?? "1887")
            dates = symbol.map { simulation.market.futuresExpiries(of: $0, at: now) } ?? []
        }
        return TrendlyneEnvelope.success(
            .object([
                ("expiryDates", .list(dates.map { .string($0.description) })),
                ("default_expiry_date", dates.first.map { .string($0.description) } ?? .null), ("exchange", "NSE"),
            ]), words: "success"
        )
    }

    /// The intervals of one contract; none for a contract that is not listed, and `nil` for an invalid request.
    private func buildUp(_ path: String, _ request: WebRequest, at now: Timestamp) -> JSONText? {
        guard let requested = BuildUpPageRequest(path: path, query: request.query) else { return nil }
        return TrendlyneEnvelope.success(BuildUpText(rows: simulation.market.buildUp(requested, at: now)).body)
    }

    /// The chain with prices and greeks; for an expiry that is not listed, the headers and nothing below them.
    private func chain(_ request: WebRequest, at now: Timestamp) -> JSONText {
        let symbol = Symbol(exchange: "NSE", ticker: request.query["stockCode"] ?? "")
        let market = simulation.market
        let expiry = request.query["expDate"].flatMap { CalendarDate($0) }
        let served = ServedMoment(requested: nil, at: now, calendar: market.calendar)
        guard let expiry, let snapshot = market.openInterest(of: symbol, expiry: expiry, at: served.moment) else {
            return TrendlyneChainText.empty
        }
        let session = market.calendar.latestSession(at: served.moment, segment: .derivatives)
        let before = Timestamp(milliseconds: session.opens.milliseconds - 1)
        return TrendlyneChainText(
            snapshot: snapshot, yesterday: market.openInterest(of: symbol, expiry: expiry, at: before)
        ).body
    }

    /// The snapshot, or the empty body that the site returns for anything unlisted.
    private func liveOpenInterest(_ request: WebRequest, at now: Timestamp) -> JSONText {
        let isWrong = simulation.ledger.strikes(.trendlyneWrongTime)
        let number = simulation.openInterestRequests.next()
        let isLate =
            number.isMultiple(of: max(1, simulation.configuration.wrongTimeEvery))
            && simulation.ledger.strikes(.trendlyneSomeWrongTimes)
        let requested = LiveOpenInterestRequest(request.query)
        guard let requested, let symbol = TrendlyneStocks.symbol(id: requested.stock) else { return .object([]) }
        let served = ServedMoment(
            requested: requested.maxTime, at: now, calendar: simulation.market.calendar, isDayBefore: isWrong,
            isQuarterLate: isLate
        )
        guard let snapshot = simulation.market.openInterest(of: symbol, expiry: requested.expiry, at: served.moment)
        else { return .object([]) }
        let quote = simulation.market.quote(of: symbol, at: served.moment)
        return LiveOpenInterestText(requested: requested, served: served, snapshot: snapshot, quote: quote).body
    }

    private func wantsPage(_ request: WebRequest) -> Bool {
        (request.headers["accept"] ?? "").contains("text/html") && request.query["format"] != "json"
    }

    private func refusal() -> WebResponse? {
        let ledger = simulation.ledger
        if let outage = outage() { return outage }
        if ledger.strikes(.trendlyne405) { return TrendlynePages.firewallPage }
        if ledger.isConfigured(.trendlyneQuota), !budget.isLeft() { return TrendlynePages.firewallPage }
        if ledger.strikes(.trendlyneHTML) { return .maintenancePage }
        if ledger.strikes(.trendlyneEmpty) {
            return WebResponse(contentType: "application/json; charset=utf-8", body: [])
        }
        return nil
    }

    private func outage() -> WebResponse? {
        let now = simulation.configuration.clock()
        guard let outage = simulation.configuration.outages.first(where: { $0.covers(now) }),
            simulation.ledger.strikes(.trendlyneOutage)
        else { return nil }
        switch outage.response {
        case .forbidden: return TrendlynePages.forbiddenPage
        case .notAllowed: return TrendlynePages.firewallPage
        case .captcha: return .maintenancePage
        case .allInTurn:
            let pages = [TrendlynePages.firewallPage, TrendlynePages.forbiddenPage, .maintenancePage]
            return pages[refusals.next() % pages.count]
        }
    }

    private static let forbiddenPage = WebResponse.html(
        "<!DOCTYPE html><html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>",
        status: 403
    )

    private static let firewallPage = WebResponse.html(
        "<!DOCTYPE html><html><head><title>405 Not Allowed</title></head><body><h1>405 Not Allowed</h1></body></html>",
        status: 405
    )
}

/// What every response is wrapped in. The status is text here, as in the real one.
enum TrendlyneEnvelope {
    static func success(_ body: JSONText, words: String = "Success") -> JSONText {
        .object([
            (
                "head",
                .object([("status", "0"), ("statusDescription", .string(words)), ("responseCode", .null)])
            ),
            ("body", body),
        ])
    }
}

/// How many requests are served before the firewall refuses.
final class RequestQuota: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    /// Takes one, where there is one.
    func isLeft() -> Bool {
        left.withLock { left in
            guard left > 0 else { return false }
            left -= 1
            return true
        }
    }
}

/// Which underlying has which number. The numbers of the four indices are the real ones.
enum TrendlyneStocks {
    private static let indices: [(ticker: String, id: Int)] = [
        ("BANKNIFTY", 1898), ("FINNIFTY", 1900), ("NIFTY", 1887),
    ]

    /// NSE's underlyings; the site serves no options of BSE's.
    private static let all: [(symbol: Symbol, id: Int)] = {
        let known = indices.map { (symbol: Symbol(exchange: "NSE", ticker: $0.ticker), id: $0.id) }
        let others = OptionListing.symbols.filter { symbol in
            symbol.exchange == "NSE" && !known.contains { $0.symbol == symbol }
        }
        return known + others.enumerated().map { (symbol: $1, id: 5_000 + $0) }
    }()

    static func symbol(id: String) -> Symbol? {
        Int(id).flatMap { number in all.first { $0.id == number }?.symbol }
    }

    /// The underlyings whose code or name holds the text. The best one need not be first.
    static func search(_ text: String, in market: MarketView) -> JSONText {
        let wanted = text.uppercased()
        var items: [JSONText] = []
        for (symbol, id) in all {
            guard let instrument = market.instrument(named: "\(symbol)") else { continue }
            guard symbol.ticker.contains(wanted) || instrument.description.uppercased().contains(wanted) else {
                continue
            }
            items.append(item(id, symbol.ticker, instrument.description))
        }
        if "BSESENSEX".contains(wanted) { items.append(item(4482, "BSESENSEX", "S&P BSE Sensex Index")) }
        return .object([("data", .list(items))])
    }

    private static func item(_ id: Int, _ code: String, _ name: String) -> JSONText {
        .object([("stock_id", .int(Int64(id))), ("stock_code", .string(code)), ("stock_name", .string(name))])
    }
}
