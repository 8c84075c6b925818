import HTTPTypes
import MarketData
import TestSupport
import Testing

@testable import TradingView

@Suite("Symbol search")
struct SearchTests {
    private static let rows = """
        {"symbols_remaining":0,"symbols":[\
        {"symbol":"<em>NIFTY</em>","description":"<em>Nifty</em> 50","type":"index","exchange":"NSE","country":"IN"},\
        {"symbol":"AAPL","type":"stock","exchange":"NASDAQ Global","prefix":"BATS","currency_code":"USD"},\
        {"symbol":"ES","type":"futures","exchange":"CME","source_id":"CME_MINI","description":"S&P",\
        "contracts":[{"symbol":"ES1!","description":"Front"},{"symbol":"ESZ2026"}]}]}
        """

    private func search(
        _ query: SymbolQuery, _ response: @escaping @Sendable (ScriptedSite.Request) -> ScriptedSite.Reply
    ) async throws -> [Instrument] {
        try await ScriptedSite.with(response) { port, _ in
            try await TradingViewClient(configuration: Simulated.client(ofPort: port)).search(query)
        }
    }

    @Test("tags are removed, the prefix comes before the exchange, and futures give their contracts")
    func rows() async throws {
        let found = try await search(SymbolQuery(text: "x")) { request in
            let isRight = request.target.hasPrefix("/symbol_search/v3/?")
            let origin = request.headers[.origin]
            return isRight && origin == "https://www.tradingview.com" && request.headers[.referer] != nil
                ? .init(body: Self.rows) : .init(status: 403)
        }
        let names = found.map(\.symbol.description)
        #expect(names == ["NSE:NIFTY", "BATS:AAPL", "CME_MINI:ES1!", "CME_MINI:ESZ2026"])
        #expect(found.first?.description == "Nifty 50")
        #expect(found.last?.description == "S&P")
    }

    @Test("results of another type or exchange than requested are left out")
    func filters() async throws {
        let found = try await search(SymbolQuery(text: "x", type: "index")) { _ in .init(body: Self.rows) }
        #expect(found.map(\.symbol) == [.nifty])
        let exchange = try await search(SymbolQuery(text: "x", exchange: "bats")) { _ in .init(body: Self.rows) }
        #expect(exchange.count == 1)
    }

    @Test("pages are fetched until the limit is reached")
    func pages() async throws {
        let found = try await search(SymbolQuery(text: "x", limit: 5)) { request in
            let isSecond = request.target.contains("start=3")
            let rows = (0..<3).map { #"{"symbol":"S\#(isSecond ? $0 + 3 : $0)","exchange":"NSE"}"# }
            return .init(body: #"{"symbols_remaining":9,"symbols":[\#(rows.joined(separator: ","))]}"#)
        }
        #expect(found.map(\.symbol.ticker) == ["S0", "S1", "S2", "S3", "S4"])
    }

    @Test(
        "refusals and pages are named, and never an empty list",
        arguments: [
            (403, "", MarketDataError.Code.upstreamUnavailable), (429, "", .throttled),
            (200, "<!DOCTYPE html><html></html>", .upstreamUnreadable), (200, "{\"symbols\":", .upstreamUnreadable),
        ])
    func refusals(status: Int, body: String, code: MarketDataError.Code) async {
        let error = await marketError {
            try await search(SymbolQuery(text: "x")) { _ in .init(status: status, body: body) }
        }
        #expect(error?.code == code)
    }

    @Test("a server that is down is named with its port in plain words, without the library's")
    func refusedConnection() async {
        // Nothing listens on the port of a server that has just stopped.
        let port = try? await ScriptedSite.with({ _ in .init() }, { port, _ in port })
        let error = await marketError {
            try await TradingViewClient(configuration: Simulated.client(ofPort: port ?? 1)).search(
                SymbolQuery(text: "x"))
        }
        #expect(error?.code == .upstreamUnavailable)
        #expect(error?.message.contains("127.0.0.1") == true)
        #expect(error?.message.contains("error set") == false)
    }
}
