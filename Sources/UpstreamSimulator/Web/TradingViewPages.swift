import MarketData

/// TradingView's web page, symbol search and scanner, so far as data clients use them.
struct TradingViewPages: Sendable {
    private static let pages: Set<String> = ["/", "/disclaimer/", "/chart/"]

    let simulation: Simulation
    private let signIn: SignInPages

    init(simulation: Simulation) {
        self.simulation = simulation
        signIn = SignInPages(simulation: simulation)
    }

    /// The response; `nil` for a path that is not TradingView's.
    func response(to request: WebRequest) async -> WebResponse? {
        let path = request.path
        if let response = signIn.response(to: request) { return response }
        if TradingViewPages.pages.contains(path) || TradingViewPages.pages.contains(path + "/") {
            return page(request)
        }
        if path.hasPrefix("/symbol_search") {
            return await SymbolSearchPage(simulation: simulation).response(to: request)
        }
        if path.hasPrefix("/symbols/"), request.method == "GET" || request.method == "HEAD" {
            return symbolPage(path.dropFirst("/symbols/".count))
        }
        return ScannerPage(simulation: simulation).response(to: request)
    }

    /// The page of an instrument, `/symbols/NSE-NIFTY/`; clients check under `/symbols/NSE:NIFTY` whether it exists.
    private func symbolPage(_ rest: Substring) -> WebResponse {
        let name = rest.hasSuffix("/") ? rest.dropLast() : rest
        let isPlain = name.contains("-")
        let parts = name.split(separator: isPlain ? "-" : ":", maxSplits: 1)
        guard parts.count == 2, let instrument = simulation.market.instrument(named: parts.joined(separator: ":"))
        else { return .html("<html><body>This isn't the page you're looking for</body></html>", status: 404) }
        guard isPlain else {
            var response = WebResponse.html("", status: 301)
            response.headers["Location"] = "/symbols/\(parts.joined(separator: "-"))/"
            return response
        }
        return .html("<!DOCTYPE html><html><head><title>\(instrument.symbol)</title></head><body></body></html>")
    }

    /// The page holds a token for clients that send both cookies.
    private func page(_ request: WebRequest) -> WebResponse {
        let cookies = request.cookies
        let isSignedIn = !(cookies["sessionid"] ?? "").isEmpty && !(cookies["sessionid_sign"] ?? "").isEmpty
        let now = simulation.configuration.clock()
        let user =
            isSignedIn
            ? """
            {"id":1,"username":"simulated","auth_token":"\(UserToken.text(at: now, plan: simulation.configuration.plan))",\
            "pro_plan":"\(simulation.configuration.plan == .paid ? "pro_premium" : "")"}
            """ : "{}"
        var response = WebResponse.html(
            """
            <!DOCTYPE html><html lang="en"><head><title>Simulated TradingView</title></head>\
            <body><script>window.initData={};var user=\(user);</script></body></html>
            """
        )
        // Trendlyne's own page sets this one; all roles share the address.
        response.headers["Set-Cookie"] = "csrftoken=simulated; Path=/"
        return response
    }
}
