import MarketServer
import Testing

@Suite("Other requests of /v1")
struct MarketFormatsTests {
    @Test("quotes come in the requested order, and an unknown symbol is an error beside them")
    func quotes() async throws {
        try await RunningServer.with { server in
            let response = try await server.get("/v1/quotes?symbols=BANKNIFTY,NSE:NOSUCH,NSE:NIFTY")
            #expect(response.status == 200)
            let json = try response.json
            #expect(json["quotes"].array.map { $0["symbol"].string } == ["NSE:BANKNIFTY", "NSE:NIFTY"])
            #expect(json["quotes"][0]["last"].number != nil)
            #expect(json["quotes"][0]["mode"].string == "simulated")
            #expect(json["errors"][0]["symbol"].string == "NSE:NOSUCH")
            #expect(json["errors"][0]["error"]["code"].string == "symbol_not_found")
        }
    }

    @Test("an unknown bare ticker is an error beside the others, in order, here and in the charting library's quotes")
    func unknownBareTicker() async throws {
        try await RunningServer.with { server in
            let json = try await server.get("/v1/quotes?symbols=ZZZ,NIFTY,NSE:NOSUCH").json
            #expect(json["quotes"].array.map { $0["symbol"].string } == ["NSE:NIFTY"])
            #expect(json["errors"].array.map { $0["symbol"].string } == ["ZZZ", "NSE:NOSUCH"])
            #expect(json["errors"][0]["error"]["code"].string == "symbol_not_found")
            let udf = try await server.get("/udf/quotes?symbols=NIFTY,ZZZ").json
            #expect(udf["d"].array.map { $0["n"].string } == ["NSE:NIFTY", "ZZZ"])
            #expect(udf["d"][1]["s"].string == "error")
            #expect(try await server.get("/v1/quotes?symbols=ZZZ").status == 404)
            #expect(try await server.get("/v1/quotes?symbols=,").status == 400)
            #expect(try await server.get("/v1/quotes?symbols=NIFTY,N%20X").status == 400)
        }
    }

    @Test("a quote of one unknown symbol returns 404")
    func unknownQuote() async throws {
        try await RunningServer.with { server in
            let response = try await server.get("/v1/quotes?symbols=NSE:NOSUCH")
            #expect(response.status == 404)
            #expect(try response.json["error"]["code"].string == "symbol_not_found")
        }
    }

    @Test("too many symbols return 413")
    func tooManySymbols() async throws {
        try await RunningServer.with(configure: { $0.limits.symbols = 2 }) { server in
            let response = try await server.get("/v1/quotes?symbols=NIFTY,BANKNIFTY,FINNIFTY")
            #expect(response.status == 413)
        }
    }

    @Test("a search finds by text, with a plus sign for a space")
    func search() async throws {
        try await RunningServer.with { server in
            let json = try await server.get("/v1/search?query=nifty+50").json
            #expect(json["symbols"].array.contains { $0["symbol"].string == "NSE:NIFTY" })
            #expect(
                json["symbols"][0].keys == ["symbol", "description", "type", "exchange", "currency", "country"])
            let csv = try await server.get("/v1/search?query=nifty&format=csv")
            #expect(csv.lines[0] == "symbol,description,type,exchange,currency,country")
            #expect(try await server.get("/v1/search").status == 400)
        }
    }

    @Test("expiries come nearest first, with the default one")
    func expiries() async throws {
        try await RunningServer.with { server in
            let json = try await server.get("/v1/expiries?symbol=NIFTY").json
            let expiries = json["expiries"].array.compactMap(\.string)
            #expect(!expiries.isEmpty)
            #expect(expiries == expiries.sorted())
            #expect(json["default"].string == expiries.first)
            #expect(json["source"].string == "mock")
        }
    }

    @Test("open interest has its unit, its totals, its strike range and max pain")
    func openInterest() async throws {
        try await RunningServer.with { server in
            let json = try await server.get("/v1/open-interest?symbol=NIFTY").json
            #expect(["shares", "contracts"].contains(json["unit"].string))
            #expect(json["totals"]["putCallRatio"].number != nil)
            #expect(json["strikeRange"]["covered"].int == json["strikes"].array.count)
            #expect(json["maxPain"].number != nil)
            #expect(json["atTheMoney"].number != nil)
            #expect(json["strikes"][0]["call"]["openInterest"].number != nil)
            #expect(json["mode"].string == "simulated")
            let calls = json["strikes"].array.compactMap { $0["call"]["openInterest"].number }.reduce(0, +)
            let puts = json["strikes"].array.compactMap { $0["put"]["openInterest"].number }.reduce(0, +)
            #expect(abs((json["totals"]["putCallRatio"].number ?? 0) - puts / calls) < 1e-9)
            let csv = try await server.get("/v1/open-interest?symbol=NIFTY&format=csv")
            #expect(csv.lines.count == json["strikes"].array.count + 1)
        }
    }

    @Test("an unlisted expiry returns 404, and an invalid date 400")
    func wrongExpiry() async throws {
        try await RunningServer.with { server in
            let unlisted = try await server.get("/v1/open-interest?symbol=NIFTY&expiry=2026-11-26")
            #expect(unlisted.status == 404)
            #expect(try unlisted.json["error"]["code"].string == "expiry_not_listed")
            let nonsense = try await server.get("/v1/open-interest?symbol=NIFTY&expiry=soon")
            #expect(nonsense.status == 400)
            #expect(try nonsense.json["error"]["message"].string?.contains("expiry") == true)
        }
    }

    @Test("the put-call ratio comes as one point now, or as a series in time order")
    func putCallRatio() async throws {
        try await RunningServer.with { server in
            let now = try await server.get("/v1/put-call-ratio?symbol=NIFTY").json
            #expect(now["points"].array.count == 1)
            #expect(now["points"][0]["openInterest"].number != nil)
            let series = try await server.get("/v1/put-call-ratio?symbol=NIFTY&from=2026-11-19&to=2026-11-19")
            #expect(series.status == 200)
            let times = try series.json["points"].array.compactMap { $0["time"].int }
            #expect(times.count > 1)
            #expect(times == times.sorted())
        }
    }

    @Test("history of open interest follows the totals, or one strike")
    func history() async throws {
        try await RunningServer.with { server in
            let path = "/v1/open-interest/history?symbol=NIFTY&from=2026-11-19T09:15&to=2026-11-19T10:15"
            let totals = try await server.get(path).json
            #expect(totals["snapshots"].array.count > 1)
            #expect(totals["snapshots"][0]["totals"]["call"].number != nil)
            let strike = try await server.get("/v1/open-interest?symbol=NIFTY").json["atTheMoney"].int ?? 0
            let one = try await server.get(path + "&strike=\(strike)")
            #expect(one.status == 200)
            #expect(try await server.get("/v1/open-interest/history?symbol=NIFTY").status == 400)
            #expect(try await server.get(path + "&strike=high").status == 400)
        }
    }

    @Test("an invalid parameter is one of the error bodies on every path")
    func unknownParameters() async throws {
        try await RunningServer.with { server in
            for path in ["quotes", "search", "expiries", "open-interest", "put-call-ratio", "status"] {
                let response = try await server.get("/v1/\(path)?colour=red")
                #expect(response.status == 400)
                #expect(try response.json["error"]["message"].string?.contains("colour") == true)
            }
        }
    }
}
