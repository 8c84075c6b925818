import Testing

@Suite("GET /v1/bars")
struct BarsTests {
    @Test("bars come oldest first with their provenance, marked as simulated where they are")
    func answer() async throws {
        try await RunningServer.with { server in
            let answer = try await server.get("/v1/bars?symbol=NSE:NIFTY&interval=5m&count=20")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
            let json = try answer.json
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
        }
    }
}
