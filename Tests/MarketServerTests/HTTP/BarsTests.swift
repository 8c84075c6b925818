import MarketServer
import Testing

@Suite("GET /v1/bars")
struct BarsTests {
    @Test("bars come oldest first with their provenance, marked as simulated where they are")
    func response() async throws {
        try await RunningServer.with { server in
            let response = try await server.get("/v1/bars?symbol=NSE:NIFTY&interval=5m&count=20")
            #expect(response.status == 200)
            #expect(response.headers["content-type"] == "application/json; charset=utf-8")
            let json = try response.json
            #expect(json["symbol"].string == "NSE:NIFTY")
            #expect(json["interval"].string == "5m")
            #expect(json["session"].string == "regular")
            #expect(json["adjustment"].string == "splits")
            #expect(json["source"].string == "mock")
            #expect(json["mode"].string == "simulated")
            #expect(json["complete"].bool == true)
            #expect(json["gaps"].array.isEmpty)
            let times = json["bars"].array.compactMap { $0["time"].int }
            #expect(times.count == 20)
            #expect(times == times.sorted())
            #expect(json["bars"][0].keys.isSuperset(of: ["time", "open", "high", "low", "close", "volume", "final"]))
            #expect(json["bars"][0]["final"].bool == true)
            #expect(json["bars"][19]["final"].bool == false)
        }
    }

    @Test("a bare ticker, a TradingView interval and a missing count are accepted")
    func spellings() async throws {
        try await RunningServer.with { server in
            let json = try await server.get("/v1/bars?symbol=nifty&interval=60").json
            #expect(json["symbol"].string == "NSE:NIFTY")
            #expect(json["interval"].string == "1h")
            #expect(json["bars"].array.count == 300)
        }
    }

    @Test("csv has the documented header and a line per bar, ndjson an object per line")
    func formats() async throws {
        try await RunningServer.with { server in
            let query = "/v1/bars?symbol=NSE:NIFTY&interval=1d&count=3"
            let json = try await server.get(query).json
            let csv = try await server.get(query + "&format=csv")
            #expect(csv.headers["content-type"] == "text/csv; charset=utf-8")
            #expect(csv.lines[0] == "time,open,high,low,close,volume,final")
            #expect(csv.lines.count == 4)
            let first = csv.lines[1].split(separator: ",", omittingEmptySubsequences: false)
            #expect(Int(first[0]) == json["bars"][0]["time"].int)
            #expect(Double(first[4]) == json["bars"][0]["close"].number)
            #expect(first[6] == "true")
            let ndjson = try await server.get(query + "&format=ndjson")
            #expect(ndjson.headers["content-type"] == "application/x-ndjson; charset=utf-8")
            #expect(ndjson.lines.count == 3)
            #expect(try JSON(Array(ndjson.lines[2].utf8))["time"].int == json["bars"][2]["time"].int)
        }
    }

    @Test("the same request twice gives the same bytes")
    func sameBytes() async throws {
        try await RunningServer.with { server in
            let query = "/v1/bars?symbol=NSE:NIFTY&interval=5m&from=2026-11-18&to=2026-11-18"
            let first = try await server.get(query)
            let second = try await server.get(query)
            #expect(first.status == 200)
            #expect(try first.json["bars"].array.count > 50)
            #expect(first.bytes == second.bytes)
        }
    }

    @Test("a day is the exchange's, and the same span in seconds or with an offset is the same request")
    func spans() async throws {
        try await RunningServer.with { server in
            let base = "/v1/bars?symbol=NSE:NIFTY&interval=5m&"
            let day = try await server.get(base + "from=2026-11-18&to=2026-11-18").json["bars"].array
            let seconds = try await server.get(base + "from=1794940200&to=1795026600").json["bars"].array
            let offset = try await server.get(
                base + "from=2026-11-18T00:00:00+05:30&to=2026-11-17T18:30:00Z"
            )
            let zoned = try await server.get(
                base + "from=2026-11-18T00:00:00+05:30&to=2026-11-18T18:30:00Z"
            ).json["bars"].array
            #expect(day.map { $0["time"].int } == seconds.map { $0["time"].int })
            #expect(day.map { $0["time"].int } == zoned.map { $0["time"].int })
            #expect(day.first?["time"].int ?? 0 >= 1_794_940_200)
            #expect(offset.status == 400)
        }
    }

    @Test(
        "an invalid request returns 400 with the reason",
        arguments: [
            ("interval=5m", "bad_request", "symbol"),
            ("symbol=NSE:NIFTY", "bad_request", "interval"),
            ("symbol=NSE:NIFTY&interval=7x", "unknown_interval", "7x"),
            ("symbol=NSE:NIFTY&interval=5m&count=0", "bad_request", "count"),
            ("symbol=NSE:NIFTY&interval=5m&count=ten", "bad_request", "count"),
            ("symbol=NSE:NIFTY&interval=5m&count=5&from=2026-11-18", "bad_request", "count"),
            ("symbol=NSE:NIFTY&interval=5m&from=yesterday", "bad_request", "from"),
            ("symbol=NSE:NIFTY&interval=5m&to=2026-11-18", "bad_request", "from"),
            ("symbol=NSE:NIFTY&interval=5m&session=night", "bad_request", "session"),
            ("symbol=NSE:NIFTY&interval=5m&bars=5", "bad_request", "bars"),
            ("symbol=NSE:NIFTY&interval=5m&symbol=NSE:NIFTY", "bad_request", "symbol"),
            ("symbol=NSE:NIFTY&interval=5m&format=xml", "bad_request", "format"),
        ])
    func wrong(query: String, code: String, named: String) async throws {
        try await RunningServer.with { server in
            let response = try await server.get("/v1/bars?" + query)
            #expect(response.status == 400)
            let error = try response.json["error"]
            #expect(error["code"].string == code)
            #expect(error["message"].string?.contains(named) == true)
            #expect(error["retryable"].bool == false)
            #expect(error.keys == ["code", "message", "source", "retryable", "suggestions"])
        }
    }

    @Test("an unknown ticker returns 404 with suggestions, and too many bars return 413")
    func refusals() async throws {
        try await RunningServer.with { server in
            let unknown = try await server.get("/v1/bars?symbol=NIFTTY&interval=5m")
            #expect(unknown.status == 404)
            #expect(try unknown.json["error"]["code"].string == "symbol_not_found")
            #expect(try !unknown.json["error"]["suggestions"].array.isEmpty)
            let tooMany = try await server.get("/v1/bars?symbol=NSE:NIFTY&interval=5m&count=100001")
            #expect(tooMany.status == 413)
            #expect(try tooMany.json["error"]["code"].string == "too_large")
        }
    }

    @Test("a client's valid copy returns 304")
    func entityTags() async throws {
        try await RunningServer.with { server in
            let path = "/v1/bars?symbol=NIFTY&interval=5m&count=5"
            let first = try await server.get(path)
            let tag = try #require(first.headers["etag"])
            let again = try await server.get(path, headers: [("If-None-Match", "\"x\", \(tag)")])
            #expect(again.status == 304)
            #expect(again.bytes.isEmpty)
            #expect(again.headers["etag"] == tag)
            #expect(try await server.get(path + "&format=csv", headers: [("If-None-Match", tag)]).status == 200)
            #expect(try await server.get(path, headers: [("If-None-Match", "W/\"x\"")]).status == 200)
        }
    }

    @Test("rows print times as seconds, ISO 8601 or in the exchange's zone")
    func timeStyles() async throws {
        try await RunningServer.with { server in
            let path = "/v1/bars?symbol=NIFTY&interval=5m&count=1&format=csv"
            let unix = try await server.get(path).lines[1].split(separator: ",")[0]
            let iso = try await server.get(path + "&time=iso").lines[1].split(separator: ",")[0]
            let local = try await server.get(path + "&time=exchange").lines[1].split(separator: ",")[0]
            #expect(Int(unix) != nil)
            #expect(iso.hasSuffix("Z"))
            #expect(local.hasSuffix("+05:30"))
            #expect(try await server.get(path + "&time=now").status == 400)
        }
    }

}
