/// An HTTP request, as much of it as the simulated sites look at.
struct WebRequest: Sendable {
    var method = "GET"
    /// Without the query, percent-decoded.
    var path: String
    /// Percent-decoded; of two equal names the first counts.
    var query: [String: String] = [:]
    /// By lower-case name.
    var headers: [String: String] = [:]
    var body: [UInt8] = []

    /// The cookies sent along.
    var cookies: [String: String] {
        let pairs = (headers["cookie"] ?? "").split(separator: ";").map { pair in
            pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1).map(String.init)
        }
        return Dictionary(
            pairs.compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil }, uniquingKeysWith: { first, _ in first }
        )
    }
}

/// An HTTP response.
struct WebResponse: Equatable, Sendable {
    var status = 200
    var contentType: String
    var headers: [String: String] = [:]
    /// Each is a separate Set-Cookie header.
    var cookies: [String] = []
    var body: [UInt8]

    static func json(_ value: JSONText, status: Int = 200) -> WebResponse {
        WebResponse(status: status, contentType: "application/json; charset=utf-8", body: value.bytes)
    }

    static func html(_ text: String, status: Int = 200) -> WebResponse {
        WebResponse(status: status, contentType: "text/html; charset=utf-8", body: Array(text.utf8))
    }

    static func notFound(_ path: String) -> WebResponse {
        json(["error": .string("the simulator has nothing at \(path)")], status: 404)
    }

    /// The page that a site in trouble sends instead of JSON.
    static let maintenancePage = html(
        "<!DOCTYPE html><html><head><title>Just a moment</title></head><body><h1>Just a moment</h1></body></html>"
    )
}

/// All HTTP requests, by path.
struct WebRoles: Sendable {
    let tradingView: TradingViewPages
    let trendlyne: TrendlynePages
    let nse: NSEPages
    let ledger: FaultLedger

    init(simulation: Simulation) {
        tradingView = TradingViewPages(simulation: simulation)
        trendlyne = TrendlynePages(simulation: simulation)
        nse = NSEPages(simulation: simulation)
        ledger = simulation.ledger
    }

    func response(to request: WebRequest) async -> WebResponse {
        if request.path.hasPrefix("/phoenix/api/") { return trendlyne.response(to: request) }
        if let response = nse.response(to: request) { return response }
        if request.path.hasPrefix("/socket.io/websocket") { return refusedUpgrade() }
        if ledger.strikes(.htmlInstead) { return .maintenancePage }
        return await tradingView.response(to: request) ?? .notFound(request.path)
    }

    /// Why an upgrade was refused, or what a browser sees that opens the WebSocket's address.
    private func refusedUpgrade() -> WebResponse {
        if ledger.isConfigured(.upgrade429) {
            var response = WebResponse.html("<html><body>Too Many Requests</body></html>", status: 429)
            response.headers["Retry-After"] = "2"
            return response
        }
        if ledger.isConfigured(.htmlInstead) { return .maintenancePage }
        return .json(["error": "this address is for WebSockets"], status: 400)
    }
}
