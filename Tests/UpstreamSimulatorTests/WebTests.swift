import JSON
import MarketData
import Testing
import TradingViewProtocol

@testable import UpstreamSimulator

@Suite("TradingView's pages, search and scanner")
struct WebTests {
    private func roles(_ faults: Set<Fault> = []) throws -> WebRoles {
        var configuration = SimulatorConfiguration { CoreClient.start }
        configuration.faults = faults
        return WebRoles(simulation: try Simulation(configuration: configuration))
    }

    private func json(_ response: WebResponse) throws -> JSONValue { try #require(JSONValue(parsing: response.body)) }

    private func text(_ response: WebResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    private static let origin = ["origin": "https://www.tradingview.com"]

    @Test("the page has a token for clients that send both cookies, and for no other")
    func page() async throws {
        let roles = try roles()
        let both = ["cookie": "sessionid=a; sessionid_sign=b"]
        let signedIn = text(await roles.response(to: WebRequest(path: "/", headers: both)))
        let token = try #require(signedIn.firstMatch(of: /"auth_token":"([^"]+)"/)).1
        #expect(token.split(separator: ".").count == 3)
        for headers in [[:], ["cookie": "sessionid=a"]] {
            let page = text(await roles.response(to: WebRequest(path: "/", headers: headers)))
            #expect(!page.contains("auth_token"))
        }
    }

    @Test("the search returns pages with marked text, and refuses other sites' pages")
    func search() async throws {
        let roles = try roles()
        let query = ["text": "nifty", "hl": "1"]
        let refused = await roles.response(to: WebRequest(path: "/symbol_search/v3/", query: query))
        #expect(refused.status == 403)
        let third = try json(
            await roles.response(to: WebRequest(path: "/symbol_search/v3/", query: query, headers: Self.origin))
        )
        #expect(third["symbols_remaining"] == 0)
        #expect(third["symbols"]?.array?.first?["symbol"] == "<em>NIFTY</em>")
        let first = try json(
            await roles.response(
                to: WebRequest(path: "/symbol_search/", query: ["text": "nifty"], headers: Self.origin))
        )
        #expect(first.array?.first?["symbol"] == "NIFTY")
        // tvDatafeed and tradingview-ta send no origin.
        let bare = try json(await roles.response(to: WebRequest(path: "/symbol_search", query: ["text": "nifty"])))
        #expect(bare == first)
        for path in ["/symbol_search/", "/symbol_search/v3/"] {
            let headers = ["origin": "https://nottradingview.com"]
            let foreign = await roles.response(to: WebRequest(path: path, query: query, headers: headers))
            #expect(foreign.status == 403)
        }
    }

    @Test("the search continues from page to page")
    func pages() async throws {
        let roles = try roles()
        var query = ["text": "MOCK", "search_type": "stocks", "exchange": "NSE"]
        var names: Set<String> = []
        for start in stride(from: 0, to: 300, by: 50) {
            query["start"] = String(start)
            let request = WebRequest(path: "/symbol_search/v3/", query: query, headers: Self.origin)
            let page = try json(await roles.response(to: request))
            #expect(page["symbols_remaining"]?.integer == 250 - start)
            names.formUnion(page["symbols"]?.array?.compactMap { $0["symbol"]?.string } ?? [])
        }
        #expect(names.count == 300)
    }

    @Test("a continuous future is a contract of its root")
    func futures() async throws {
        let query = ["text": "NIFTY", "search_type": "futures"]
        let request = WebRequest(path: "/symbol_search/v3/", query: query, headers: Self.origin)
        let found = try json(await roles().response(to: request))["symbols"]?.array?.first
        #expect(found?["symbol"] == "NIFTY")
        #expect(found?["contracts"]?.array?.first?["symbol"] == "NIFTY1!")
    }

    @Test("the scanner returns columns in the requested order, and refuses unknown ones")
    func scanner() async throws {
        let roles = try roles()
        let body = #"{"columns":["name","close"],"symbols":{"tickers":["NSE:NIFTY"]}}"#
        let response = await roles.response(to: WebRequest(method: "POST", path: "/india/scan", body: Array(body.utf8)))
        let row = try json(response)["data"]?.array?.first
        #expect(row?["s"] == "NSE:NIFTY")
        #expect(row?["d"]?.array?.first == "NIFTY")
        let wrong = WebRequest(method: "POST", path: "/india/scan", body: Array(#"{"columns":["x"]}"#.utf8))
        #expect(await roles.response(to: wrong).status == 400)
        let one = WebRequest(path: "/symbol", query: ["symbol": "NSE:NOSUCH", "no_404": "true"])
        #expect(text(await roles.response(to: one)) == "null")
    }

    @Test("the scanner rates instruments, by day and hour, and knows columns without a value")
    func technicals() async throws {
        let body = #"{"columns":["RSI","Recommend.All|60","logoid","typespecs"],"symbols":{"tickers":["NSE:TCS"]}}"#
        let response = await (try roles()).response(
            to:
                WebRequest(method: "POST", path: "/india/scan", body: Array(body.utf8)))
        let row = try #require(try json(response)["data"]?.array?.first?["d"]?.array)
        let (strength, rating) = (try #require(row[0].double), try #require(row[1].double))
        #expect((0...100).contains(strength))
        #expect((-1...1).contains(rating))
        #expect(row[2] == .null)
        #expect(row[3].array?.first == "common")
    }

    @Test(
        "an instrument has a page, to which its name with a colon leads",
        arguments: [
            ("/symbols/NSE:NIFTY", 301), ("/symbols/NSE-NIFTY/", 200), ("/symbols/NSE:NOPE", 404),
            ("/symbols/NIFTY", 404),
        ])
    func symbolPages(path: String, status: Int) async throws {
        let response = await (try roles()).response(to: WebRequest(path: path))
        #expect(response.status == status)
        #expect((response.headers["Location"] == "/symbols/NSE-NIFTY/") == (status == 301))
    }

    @Test("unknown paths are 404 in JSON, and a fault puts HTML in JSON's place")
    func other() async throws {
        let unknown = await (try roles()).response(to: WebRequest(path: "/no/such/path"))
        #expect(unknown.status == 404)
        #expect(try json(unknown)["error"] != nil)
        let request = WebRequest(path: "/symbol_search/", headers: Self.origin)
        let page = await (try roles([.htmlInstead])).response(to: request)
        #expect(page.contentType.hasPrefix("text/html"))
        let busy = await (try roles([.upgrade429])).response(to: WebRequest(path: "/socket.io/websocket"))
        #expect(busy.status == 429)
        #expect(busy.headers["Retry-After"] != nil)
    }
}
