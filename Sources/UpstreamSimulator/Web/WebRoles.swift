/// All that is answered over HTTP, by path.
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

    func answer(_ request: WebRequest) async -> WebAnswer {
        if request.path.hasPrefix("/phoenix/api/") { return trendlyne.answer(request) }
        if let answer = nse.answer(request) { return answer }
        if request.path.hasPrefix("/socket.io/websocket") { return refusedUpgrade() }
        if ledger.strikes(.htmlInstead) { return .maintenancePage }
        return await tradingView.answer(request) ?? .notFound(request.path)
    }

    /// Why an upgrade was refused, or what a browser sees that opens the WebSocket's address.
    private func refusedUpgrade() -> WebAnswer {
        if ledger.isConfigured(.upgrade429) {
            var answer = WebAnswer.html("<html><body>Too Many Requests</body></html>", status: 429)
            answer.headers["Retry-After"] = "2"
            return answer
        }
        if ledger.isConfigured(.htmlInstead) { return .maintenancePage }
        return .json(["error": "this address is for WebSockets"], status: 400)
    }
}
