import MarketData
import MarketServer
import Testing

@Suite("The charting library's /udf")
struct UDFTests {
    @Test("the configuration lists what the feed supports")
    func configuration() async throws {
        try await RunningServer.with { server in
            let json = try await server.get("/udf/config").json
            #expect(json["supported_resolutions"].array.contains { $0.string == "1D" })
            #expect(json["supports_search"].bool == true)
            #expect(json["supports_time"].bool == true)
            let time = try await server.get("/udf/time")
            #expect(time.text == String(RunningServer.now.seconds))
        }
    }

    @Test("history counts back exactly, whatever from is, and ends before to", arguments: [1, 7, 500])
    func countback(count: Int) async throws {
        try await RunningServer.with { server in
            for to in [RunningServer.now.seconds + 60, RunningServer.now.seconds - 86_400 * 3] {
                let path = "/udf/history?symbol=NSE:NIFTY&resolution=5&from=\(to - 600)&to=\(to)&countback=\(count)"
                let json = try await server.get(path).json
                #expect(json["s"].string == "ok")
                let times = json["t"].array.compactMap(\.int)
                #expect(times.count == count)
                #expect(times == times.sorted())
                #expect(times.allSatisfy { $0 < Int(to) })
                #expect((times.last ?? 0) >= Int(to) - 600)
                #expect(json["c"].array.count == count)
            }
        }
    }

    @Test("history without a count has the bars between from and to, and none where there are none")
    func range() async throws {
        try await RunningServer.with { server in
            let to = RunningServer.now.seconds - 86_400
            let json = try await server.get(
                "/udf/history?symbol=NSE:NIFTY&resolution=1&from=\(to - 600)&to=\(to)"
            ).json
            let times = json["t"].array.compactMap(\.int)
            #expect(times.count == 10)
            let future = try await server.get(
                "/udf/history?symbol=NSE:NIFTY&resolution=1&from=\(to + 864_000)&to=\(to + 864_600)"
            ).json
            #expect(future["s"].string == "no_data")
            // Where the chart is to look instead: the newest bar there is.
            #expect(future["nextTime"].int == Int(RunningServer.now.seconds / 60 * 60))
        }
    }

    @Test("before history begins there is no data and no next time")
    func beforeHistory() async throws {
        try await RunningServer.with { server in
            let json = try await server.get("/udf/history?symbol=NSE:NIFTY&resolution=1D&from=0&to=86400000").json
            #expect(json["s"].string == "no_data")
            #expect(json["nextTime"].int == nil)
        }
    }

    @Test("a failure is a response with s error")
    func failure() async throws {
        try await RunningServer.with { server in
            let json = try await server.get("/udf/history?symbol=NSE:NOSUCH&resolution=5&countback=3").json
            #expect(json["s"].string == "error")
            #expect(json["errmsg"].string?.contains("NOSUCH") == true)
        }
    }

    @Test("symbols are described, found and quoted")
    func symbols() async throws {
        try await RunningServer.with { server in
            let symbol = try await server.get("/udf/symbols?symbol=NSE:NIFTY").json
            #expect(symbol["ticker"].string == "NSE:NIFTY")
            #expect(symbol["timezone"].string == "Asia/Kolkata")
            #expect(symbol["pricescale"].int == 100)
            let found = try await server.get("/udf/search?query=nifty&type=&exchange=&limit=5").json
            #expect(found.array.contains { $0["full_name"].string == "NSE:NIFTY" })
            let quotes = try await server.get("/udf/quotes?symbols=NSE:NIFTY,NSE:NOSUCH").json
            #expect(quotes["d"][0]["v"]["lp"].number != nil)
            #expect(quotes["d"][1]["s"].string == "error")
        }
    }

    @Test("daily bars are at 00:00 UTC of their trading day, and paging by them loses none")
    func days() async throws {
        try await RunningServer.with { server in
            let path = "/udf/history?symbol=NSE:NIFTY&resolution=1D&from=0"
            let now = Int(RunningServer.now.seconds)
            let newest = try await server.get(path + "&to=\(now)&countback=10").json["t"].array.compactMap(\.int)
            #expect(newest.count == 10)
            #expect(newest.allSatisfy { $0 % 86_400 == 0 })
            let first = try #require(newest.first)
            let older = try await server.get(path + "&to=\(first)&countback=5").json["t"].array.compactMap(\.int)
            #expect(older.count == 5)
            #expect(older.last.map { $0 < first } == true)
            let one = try await server.get("/udf/history?symbol=NSE:NIFTY&resolution=1D&from=\(first)&to=\(first + 1)")
            #expect(try one.json["t"].array.compactMap(\.int) == [first])
        }
    }

    @Test(
        "every failure below /udf has the protocol's shape",
        arguments: [
            "/udf/history?symbol=NSE:NIFTY&resolution=5&nonsense=1", "/udf/nowhere", "/udf/history?resolution=5",
            "/udf/symbols?symbol=NSE:NOSUCH", "/udf/quotes", "/udf/marks", "/udf/history?symbol=NSE:NIFTY&resolution=x",
            "/udf/history?symbol=NSE:NIFTY&resolution=5&currencyCode=rupees",
        ])
    func shapes(path: String) async throws {
        try await RunningServer.with { server in
            let json = try await server.get(path).json
            #expect(json["s"].string == "error")
            #expect(json["errmsg"].string?.isEmpty == false)
        }
    }

    @Test(
        "a search is always an array",
        arguments: ["query=nifty", "query=", "type=&query=x", "limit=0", "query=a&type=zz"])
    func arrays(query: String) async throws {
        try await RunningServer.with { server in
            let response = try await server.get("/udf/search?" + query)
            #expect(try response.json.value is [Any])
        }
    }

    @Test("unknown parameters are ignored, and responses name their source")
    func extras() async throws {
        try await RunningServer.with { server in
            let path = "/udf/history?symbol=NSE:NIFTY&resolution=5&countback=2&firstdatarequest=true&_=123"
            let response = try await server.get(path)
            #expect(try response.json["s"].string == "ok")
            #expect(try response.json["mode"].string == "simulated")
            #expect(response.headers["bhav-mode"] == "simulated")
            let symbol = try await server.get("/udf/symbols?symbol=NSE:NIFTY").json
            #expect(symbol["seconds_multipliers"].array.compactMap(\.string) == ["1", "5", "15", "30"])
            // The mock market trades on holidays too.
            #expect(symbol["session"].string == "24x7")
            #expect(symbol["session_holidays"].string == nil)
            let config = try await server.get("/udf/config?_=1").json
            #expect(config["exchanges"].array.contains { $0["value"].string == "NSE" })
            #expect(config["symbols_types"].array.contains { $0["value"].string == "index" })
            let quote = try await server.get("/udf/quotes?symbols=NSE:NIFTY").json["d"][0]["v"]
            #expect(quote["description"].string == "Nifty 50 Index")
        }
    }

    @Test("the splits of a share are marks, and so are the rolls of a future", arguments: ["1D", "1W", "60", "5"])
    func barEvents(resolution: String) async throws {
        try await RunningServer.with { server in
            let span = "resolution=\(resolution)&from=1700000000&to=1796000000"
            let splits = try await server.get("/udf/marks?symbol=NSE:SPLITCO&\(span)").json
            #expect(splits["text"].array.map(\.string) == ["Split 5:1", "Split 2:1"])
            #expect(splits["label"].array.map(\.string) == ["S", "S"])
            // 11 March 2024 and 15 June 2026: days of the mock market begin at India's midnight.
            let offset = resolution.hasPrefix("1") ? 0 : 19_800
            #expect(splits["time"].array.map(\.int) == [1_710_115_200 - offset, 1_781_481_600 - offset])
            let whole = "resolution=\(resolution)&from=1781481600&to=1781481601"
            let first = try await server.get("/udf/marks?symbol=NSE:SPLITCO&\(whole)").json
            #expect(first["id"].array.count == (offset == 0 ? 1 : 0))
            #expect(try await server.get("/udf/marks?symbol=NSE:TCS&\(span)").json["id"].array.isEmpty)
            let rolls = try await server.get("/udf/marks?symbol=NSE:NIFTY1!&\(span)").json
            #expect(rolls["time"].array.count > 30)
            #expect(rolls["label"].array.allSatisfy { $0.string == "R" })
            #expect(rolls["time"].array.allSatisfy { (($0.int ?? 1) + offset) % 86_400 == 0 })
            for key in ["id", "time", "color", "text", "label", "labelFontColor", "minSize"] {
                #expect(rolls[key].array.count == rolls["id"].array.count)
            }
        }
    }

    @Test("marks are columns of equal length, and marks of the time axis an array with holidays")
    func marks() async throws {
        try await RunningServer.with { server in
            let span = "symbol=NSE:NIFTY&resolution=1D&from=1798000000&to=1799000000"
            let marks = try await server.get("/udf/marks?" + span).json
            #expect(marks["id"].array.count == marks["time"].array.count)
            let axis = try await server.get("/udf/timescale_marks?" + span).json
            // Christmas of 2026.
            #expect(axis.array.contains { $0["time"].int == 1_798_156_800 && $0["label"].string == "H" })
        }
    }
}
