import Logging
import MarketData
import MarketHub
import MarketServer
import TestSupport
import Testing

@Suite("The session of single contracts over HTTP")
struct ContractHistoryTests {
    @Test("a call's session has its contract, its unit and its source")
    func call() async throws {
        try await RunningServer.with { server in
            let spot = try await server.get("/v1/open-interest?symbol=NIFTY").json["atTheMoney"].number ?? 0
            let json = try await server.get("/v1/contract-history?symbol=NIFTY&strike=\(Int(spot))&type=call").json
            #expect(json["symbol"].string == "NSE:NIFTY")
            #expect(json["type"].string == "call")
            #expect(json["strike"].number == spot)
            #expect(json["interval"].string == "5m")
            #expect(json["unit"].string == "shares")
            #expect(json["mode"].string == "simulated")
            let points = json["points"].array
            #expect(points.count > 10)
            let times = points.compactMap { $0["time"].number }
            #expect(times == times.sorted() && times.count == points.count)
            #expect(points[0].keys == ["time", "price", "openInterest", "change", "volume", "buildUp", "final"])
            #expect(points[0]["change"].isNull)
            let (first, second) = (points[0]["openInterest"].number, points[1]["openInterest"].number)
            #expect(points[1]["change"].number == second.flatMap { now in first.map { now - $0 } })
        }
    }

    @Test("rows come as csv and ndjson with their source in the headers, and quarter hours are fewer")
    func rows() async throws {
        try await RunningServer.with { server in
            let request = "/v1/contract-history?symbol=NIFTY&strike=25000&type=put"
            let csv = try await server.get("\(request)&format=csv")
            #expect(csv.lines[0] == "time,price,openInterest,change,volume,buildUp,final")
            #expect(csv.headers["bhav-mode"] == "simulated")
            let quarters = try await server.get("\(request)&format=ndjson&interval=15m")
            #expect(quarters.lines.count < csv.lines.count / 2)
        }
    }

    @Test(
        "an invalid contract is a bad request that says what is missing",
        arguments: [
            ("symbol=NIFTY&type=call", "needs its strike"), ("symbol=NIFTY&strike=25000", "'type' is missing"),
            ("symbol=NIFTY&type=future&strike=25000", "a future has no strike"),
            ("symbol=NIFTY&type=straddle", "straddle"),
            ("symbol=NIFTY&type=call&strike=high", "strike"), ("symbol=NIFTY&type=call&strike=1&side=a", "unknown"),
        ])
    func badRequests(query: String, words: String) async throws {
        try await RunningServer.with { server in
            let response = try await server.get("/v1/contract-history?\(query)")
            #expect(response.status == 400)
            #expect(try response.json["error"]["code"].string == "bad_request")
            #expect(try response.json["error"]["message"].string?.contains(words) == true)
        }
    }

    @Test("an unsupported interval and an unlisted expiry have their own codes")
    func named() async throws {
        try await RunningServer.with { server in
            let request = "/v1/contract-history?symbol=NIFTY&strike=25000&type=put"
            let interval = try await server.get("\(request)&interval=1h").json
            #expect(interval["error"]["code"].string == "unknown_interval")
            let expiry = try await server.get("\(request)&expiry=2020-01-01").json
            #expect(expiry["error"]["code"].string == "expiry_not_listed")
        }
    }

    @Test("the status reports the remaining request quota of a source")
    func budget() async throws {
        let hub = MarketHub(
            history: [], openInterest: [], live: [], search: [], sources: [.trendlyne, .nse],
            budgets: [Counted()], logger: .quiet,
            clock: { RunningServer.now })
        try await RunningServer.with(hub: hub) { server in
            let sources = try await server.get("/v1/status").json["sources"].array
            #expect(sources.map { $0["source"].string } == ["nse", "trendlyne"])
            #expect(sources[0]["budgetLeft"].isNull)
            #expect(sources[1]["budgetLeft"].number == 17)
        }
    }
}

private struct Counted: RequestBudget {
    var source: Provenance.Source { .trendlyne }
    var requestsLeft: Int? { 17 }
}
