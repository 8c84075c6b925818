import MarketData

/// NSE's web site and its archive, so far as open interest is concerned.
///
/// The values are those that Trendlyne's pages show, counted in contracts; the files of past days count in shares.
/// Responses under `/api/` need a cookie of the page `/option-chain` and the headers of a browser, as the real ones do.
struct NSEPages: Sendable {
    private static let cookies = [
        "nsit=simulated; Path=/; HttpOnly", "nseappid=simulated; Path=/; HttpOnly", "bm_sv=simulated; Path=/",
    ]

    let simulation: Simulation

    /// The response; `nil` for a path that is not NSE's.
    func response(to request: WebRequest) -> WebResponse? {
        let path = request.path
        if path == "/option-chain" { return page() }
        if path.hasPrefix("/content/") { return file(String(path.dropFirst("/content/".count))) }
        guard path.hasPrefix("/api/") else { return nil }
        if let refusal = refusal(of: request) { return refusal }
        switch path {
        case "/api/NextApi/apiClient/GetQuoteApi": return nextAPI(request)
        case "/api/option-chain-contract-info": return .json(listing(request))
        case "/api/option-chain-v3": return .json(versionThree(request))
        default: return .html(NSEPages.notFound, status: 404)
        }
    }

    private func page() -> WebResponse {
        var response = WebResponse.html(
            "<!DOCTYPE html><html><head><title>Option Chain</title></head><body></body></html>")
        if simulation.ledger.strikes(.nse403) { return NSEPages.denied }
        response.cookies = NSEPages.cookies
        return response
    }

    private func refusal(of request: WebRequest) -> WebResponse? {
        let ledger = simulation.ledger
        if ledger.strikes(.nse403) { return NSEPages.denied }
        let isBrowser =
            request.headers["user-agent"]?.hasPrefix("Mozilla/") == true && request.headers["accept-language"] != nil
        guard isBrowser else { return NSEPages.denied }
        guard request.cookies["nsit"] != nil else {
            return .html("<html><body>Unauthorized</body></html>", status: 401)
        }
        if ledger.strikes(.nseHTML) { return .maintenancePage }
        if ledger.strikes(.nseEmpty) { return .json(.object([])) }
        return nil
    }

    private func nextAPI(_ request: WebRequest) -> WebResponse {
        if simulation.ledger.strikes(.nseNextGone) { return .html(NSEPages.notFound, status: 404) }
        switch request.query["functionName"] {
        case "getOptionChainDropdown": return .json(listing(request))
        case "getOptionChainData":
            let parameters = request.query["params"] ?? ""
            guard parameters.hasPrefix("expiryDate="),
                let chain = chain(request, String(parameters.dropFirst("expiryDate=".count)))
            else { return .json(.object([])) }
            return .json(chain.nextAPI)
        default: return .json(.object([]))
        }
    }

    private func versionThree(_ request: WebRequest) -> JSONText {
        let isKnownType = ["Indices", "Equity", "Equities"].contains(request.query["type"])
        guard isKnownType, let chain = chain(request, request.query["expiry"] ?? "") else { return .object([]) }
        return chain.versionThree(expiries: expiries(request))
    }

    private func symbol(_ request: WebRequest) -> Symbol {
        Symbol(exchange: "NSE", ticker: request.query["symbol"] ?? "")
    }

    private func expiries(_ request: WebRequest) -> [CalendarDate] {
        simulation.market.expiries(of: symbol(request), at: simulation.configuration.clock())?.expiries ?? []
    }

    /// Expiries, and the strikes of all of them; `{}` for an underlying without options.
    private func listing(_ request: WebRequest) -> JSONText {
        let expiries = expiries(request)
        guard !expiries.isEmpty else { return .object([]) }
        let served = ServedMoment(
            requested: nil, at: simulation.configuration.clock(), calendar: simulation.market.calendar)
        let snapshots = expiries.compactMap {
            simulation.market.openInterest(of: symbol(request), expiry: $0, at: served.moment)
        }
        let strikes = Set(snapshots.flatMap { $0.strikes.map(\.strike) }).sorted()
        return .object([
            ("expiryDates", .list(expiries.map { .string(NSEDate.listed($0)) })),
            ("strikePrice", .list(strikes.map { .string($0.description) })),
        ])
    }

    private func chain(_ request: WebRequest, _ expiry: String) -> NSEChainText? {
        let now = simulation.configuration.clock()
        let market = simulation.market
        let served = ServedMoment(requested: nil, at: now, calendar: market.calendar)
        guard let expiry = NSEDate.read(expiry),
            let snapshot = market.openInterest(of: symbol(request), expiry: expiry, at: served.moment)
        else { return nil }
        return NSEChainText(snapshot: snapshot)
    }

    /// A file of the archive: of days that are over.
    private func file(_ name: String) -> WebResponse {
        let now = simulation.configuration.clock()
        guard !simulation.ledger.strikes(.nseNoFiles) else { return .html(NSEPages.notFound, status: 404) }
        if name == "fo/fo_mktlots.csv" {
            let text = MarketLotsFile(today: IndianTime.date(now)).text
            return WebResponse(contentType: "text/csv", body: Array(text.utf8))
        }
        guard let date = BhavcopyFile.date(named: name),
            let file = BhavcopyFile(date, market: simulation.market, at: now)
        else { return .html(NSEPages.notFound, status: 404) }
        return WebResponse(contentType: "application/zip", body: file.zip)
    }

    private static let notFound =
        "<!DOCTYPE html><html><head><title>Resource not found</title></head><body>Resource not found</body></html>"

    private static let denied = WebResponse.html(
        "<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1></body></html>", status: 403
    )
}

/// How NSE writes dates: `14-Jul-2026` in lists and requests, `14-07-2026` in rows, `10-Jul-2026 15:30:00` as a stamp.
enum NSEDate {
    static func listed(_ date: CalendarDate) -> String {
        let (year, month, day) = date.parts
        return "\(padded(day))-\(EnglishMonths.name(month))-\(year)"
    }

    static func inRow(_ date: CalendarDate) -> String {
        let (year, month, day) = date.parts
        return "\(padded(day))-\(padded(month))-\(year)"
    }

    static func stamp(_ time: Timestamp) -> String {
        let (date, clock) = IndianTime.split(time)
        return "\(listed(date)) \(clock.fullDescription)"
    }

    /// Reads what a list gave; `nil` for anything else.
    static func read(_ text: String) -> CalendarDate? {
        let parts = text.split(separator: "-")
        guard parts.count == 3, let day = Int(parts[0]), let month = EnglishMonths.number(parts[1]),
            let year = Int(parts[2])
        else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    private static func padded(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
}
