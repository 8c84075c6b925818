import MarketServer
import Testing

@Suite("Strike selection over HTTP")
struct StrikeSelectionTests {
    @Test("a range of strikes is applied, and the response says how many of the listed ones it covers")
    func range() async throws {
        try await RunningServer.with { server in
            let whole = try await server.get("/v1/open-interest?symbol=NIFTY&strikes=all").json
            let spot = Int(whole["atTheMoney"].number ?? 0)
            let (from, to) = (spot - 100, spot + 100)
            let some = try await server.get("/v1/open-interest?symbol=NIFTY&strikes=\(from)-\(to)").json
            #expect(some["strikeRange"]["from"].number == Double(from))
            #expect(some["strikeRange"]["to"].number == Double(to))
            #expect(some["strikeRange"]["covered"].number == 5)
            #expect(some["strikeRange"]["listed"].number == whole["strikeRange"]["covered"].number)
        }
    }

    @Test("invalid strikes, and strikes that do not exist, are a bad request")
    func badRequests() async throws {
        try await RunningServer.with { server in
            for (strikes, words) in [
                ("some", "names no strikes"), ("26000-24000", "names no strikes"), ("1-2", "no strike of NSE:NIFTY"),
            ] {
                let response = try await server.get("/v1/open-interest?symbol=NIFTY&strikes=\(strikes)")
                #expect(response.status == 400)
                #expect(try response.json["error"]["message"].string?.contains(words) == true)
            }
        }
    }
}
