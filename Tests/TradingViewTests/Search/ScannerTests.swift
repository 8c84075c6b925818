import HTTPTypes
import MarketData
import TestSupport
import Testing
import UpstreamSimulator

@testable import TradingView

@Suite("The scanner in place of the search", .timeLimit(.minutes(1)))
struct ScannerTests {
    private static let rows = """
        {"totalCount":4,"data":[\
        {"s":"NASDAQ:AAPL","d":["AAPL","Apple Inc.","stock","USD"]},\
        {"s":"NSE:APPLEIND","d":["APPLEIND","Apple Industries",null,null]},\
        {"s":"NSE:NIFTY","d":["NIFTY","Nifty 50","index","INR"]},\
        {"s":"no symbol","d":["x","Apple","stock","USD"]}]}
        """

    private func search(
        _ query: SymbolQuery, _ response: @escaping @Sendable (ScriptedSite.Request) -> ScriptedSite.Reply,
        _ check: (ScriptedSite) throws -> Void = { _ in }
    ) async throws -> [Instrument] {
        try await ScriptedSite.with(response) { port, site in
            let found = try await TradingViewClient(configuration: Simulated.client(ofPort: port)).search(query)
            try check(site)
            return found
        }
    }

    @Test(
        "pain 3: a search that is refused, or returns a page or nonsense, falls back to the scanner",
        arguments: [(403, ""), (200, "<!DOCTYPE html><html></html>"), (200, "{\"symbols\":")])
    func fallback(status: Int, body: String) async throws {
        let found = try await search(SymbolQuery(text: "apple")) { request in
            guard request.line == "POST /global/scan" else { return .init(status: status, body: body) }
            return .init(body: Self.rows)
        } _: { site in
            let requested = try #require(site.requests.last)
            #expect(requested.body.contains(#""right":"APPLE""#) && requested.body.contains(#""range":[0,150]"#))
            #expect(requested.headers[.origin] == "https://www.tradingview.com")
        }
        #expect(found.map(\.symbol.description) == ["NSE:APPLEIND", "NASDAQ:AAPL"])
        #expect(found.last?.currency == "USD" && found.first?.type == nil)
    }

    @Test(
        "where the scanner fails too, both are named",
        arguments: [(400, #"{"error":"Unknown field"}"#), (200, "<html>")])
    func both(status: Int, body: String) async throws {
        let error = await marketError {
            try await search(SymbolQuery(text: "apple")) { request in
                request.line == "POST /global/scan" ? .init(status: status, body: body) : .init(status: 403)
            }
        }
        #expect(error?.code == .upstreamUnavailable)
        #expect(error?.message.contains("403") == true && error?.message.contains("scanner") == true)
    }

    @Test("a search with a Retry-After does not fall back to the scanner", arguments: [429, 502])
    func notRound(status: Int) async throws {
        try await ScriptedSite.with({ _ in .init(status: status) }) { port, site in
            let client = TradingViewClient(configuration: Simulated.client(ofPort: port))
            #expect(await marketError { try await client.search(SymbolQuery(text: "x")) } != nil)
            #expect(site.requests.count == 1)
        }
    }

    @Test("reads the scanner's pages one after the other")
    func pages() async throws {
        let found = try await search(SymbolQuery(text: "S", limit: 200)) { request in
            guard request.line == "POST /global/scan" else { return .init(status: 403) }
            let start = request.body.contains("[150,300]") ? 150 : 0
            let rows = (start..<min(start + 150, 170)).map {
                #"{"s":"NSE:S\#($0)","d":["S\#($0)",null,"stock","INR"]}"#
            }
            return .init(body: #"{"totalCount":170,"data":[\#(rows.joined(separator: ","))]}"#)
        }
        #expect(found.count == 170)
    }

    @Test("over the simulator's scanner text, type and exchange filter, and the nearest match comes first")
    func simulated() async throws {
        let quiet = Simulated.stillUpstream
        let found = try await Simulated.withClient(of: quiet) { client in
            let scanner = ScannerSearch(
                scannerURL: client.configuration.scannerURL, origin: client.configuration.origin)
            let reader = client.symbolSearch.reader
            let all = try await scanner.instruments(SymbolQuery(text: "nifty"), reader: reader)
            let indices = try await scanner.instruments(
                SymbolQuery(text: "NSE:NIFTY", type: "index", exchange: "nse", limit: 2), reader: reader)
            return (all, indices)
        }
        #expect(found.0.first?.symbol == .nifty)
        #expect(found.0.contains { $0.symbol == .bankNifty })
        #expect(found.1.count == 2 && found.1.allSatisfy { $0.type == "index" && $0.symbol.exchange == "NSE" })
    }

    @Test("a recent search is not sent again")
    func cached() async throws {
        let row = #"{"symbols_remaining":0,"symbols":[{"symbol":"NIFTY","exchange":"NSE"}]}"#
        try await ScriptedSite.with({ _ in .init(body: row) }) { port, site in
            let client = TradingViewClient(configuration: Simulated.client(ofPort: port))
            for _ in 0..<3 {
                let found = try await client.search(SymbolQuery(text: "nifty"))
                #expect(found.map(\.symbol) == [.nifty])
            }
            _ = try await client.search(SymbolQuery(text: "nifty", limit: 1))
            #expect(site.requests.count == 2)
        }
    }
}
