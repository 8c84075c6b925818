import Logging
import MarketData
import MarketHub
import MarketServer
import TestSupport
import Testing

@Suite("Status and health")
struct StatusTests {
    @Test("the status reports each source and each open subscription")
    func status() async throws {
        try await RunningServer.with { server in
            let before = try await server.get("/v1/status").json
            #expect(before["sources"][0]["source"].string == "mock")
            #expect(before["sources"][0]["state"].string == "idle")
            #expect(before["sources"][0]["lastData"].isNull)
            _ = try await server.get("/v1/bars?symbol=NIFTY&interval=5m")
            let feed = try await server.hub.liveQuotes(of: [.nifty])
            let after = try await server.get("/v1/status").json
            #expect(after["sources"][0]["state"].string == "connected")
            #expect(after["sources"][0]["lastData"].string == RunningServer.now.description)
            #expect(after["subscriptions"][0]["symbol"].string == "NSE:NIFTY")
            #expect(after["subscriptions"][0]["readers"].int == 1)
            withExtendedLifetime(feed) {}
        }
    }

    @Test("a working source without bars does not make the server ready while one with bars is down")
    func capability() async throws {
        let down = MarketDataError(.upstreamUnavailable, "no route to it", source: .tradingview)
        let source = FailingSource(error: down)
        let hub = MarketHub(
            history: [source], openInterest: [source], live: [source], search: [source],
            sources: [.tradingview, .trendlyne],
            logger: .quiet,
            clock: { RunningServer.now })
        try await RunningServer.with(hub: hub) { server in
            #expect(try await server.get("/health/ready").status == 200)
            _ = try await server.get("/v1/bars?symbol=NIFTY&interval=5m")
            #expect(try await server.get("/health/ready").status == 503)
        }
    }

    @Test("a source that is down makes the server unready, with the reason, but alive")
    func health() async throws {
        let down = MarketDataError(.upstreamUnavailable, "no route to it", source: .tradingview)
        try await RunningServer.with(hub: .failing(down)) { server in
            #expect(try await server.get("/health/ready").status == 200)
            _ = try await server.get("/v1/bars?symbol=NIFTY&interval=5m")
            let ready = try await server.get("/health/ready")
            #expect(ready.status == 503)
            #expect(try ready.json["reasons"][0].string?.contains("no route to it") == true)
            #expect(try await server.get("/health/live").status == 200)
            let status = try await server.get("/v1/status").json
            #expect(status["sources"][0]["lastError"]["code"].string == "upstream_unavailable")
        }
    }
}
