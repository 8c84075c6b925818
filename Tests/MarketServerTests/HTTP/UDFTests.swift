import MarketData
import MarketServer
import Testing

@Suite("The charting library's /udf")
struct UDFTests {
    @Test("the configuration names what the feed can do")
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

    @Test("history counts back exactly, whatever from says, and ends before to", arguments: [1, 7, 500])
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

    @Test("history without a count is what lies between from and to, and nothing where there is none")
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

    @Test("before history begins there is no data and nowhere else to look")
    func beforeHistory() async throws {
        try await RunningServer.with { server in
            let json = try await server.get("/udf/history?symbol=NSE:NIFTY&resolution=1D&from=0&to=86400000").json
            #expect(json["s"].string == "no_data")
            #expect(json["nextTime"].int == nil)
        }
    }

    @Test("a failure is an answer with s error")
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
}
