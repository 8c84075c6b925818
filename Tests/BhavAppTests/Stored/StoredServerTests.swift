import Foundation
import MarketData
import MarketHub
import MarketStore
import Testing
import UpstreamSimulator

@Suite("The server and its store")
struct StoredServerTests {
    private static let from = StoredServer.moment.advanced(bySeconds: -86_400).seconds
    private static let to = from + 6 * 3600
    private static let past = "/v1/bars?symbol=NSE:NIFTY&interval=5m&from=\(from)&to=\(to)"
    private static let newest = "/v1/bars?symbol=NSE:NIFTY&interval=5m&count=100"
    private static let coverage = "/v1/coverage?symbol=NSE:NIFTY&interval=5m"

    private static func times(_ json: [String: Any]) -> [Int] {
        (json["bars"] as? [[String: Any]] ?? []).compactMap { $0["time"] as? Int }
    }

    private static func requests(_ server: StoredServer) -> Int {
        server.simulator.seriesCount(of: "NSE:NIFTY", .fiveMinutes).requests
    }

    @Test("a past range is fetched once; after that it is served from the store, with the origin of its bars")
    func past() async throws {
        try await StoredServer.with { server in
            let first = try await server.get(Self.past)
            let requested = Self.requests(server)
            let second = try await server.get(Self.past)
            #expect(Self.requests(server) == requested)
            #expect(Self.times(first.json).count == 72)
            #expect(Self.times(second.json) == Self.times(first.json))
            #expect(first.json["source"] as? String == "tradingview")
            #expect(second.json["source"] as? String == "store")
            #expect(second.json["mode"] as? String == "recorded")
            #expect(second.json["complete"] as? Bool == true)
            let origins = second.json["origins"] as? [[String: Any]]
            #expect(origins?.count == 1)
            #expect(origins?.first?["source"] as? String == "tradingview")
            #expect(origins?.first?["from"] as? Int == Self.times(first.json).first)
            #expect(origins?.first?["to"] as? Int == Self.times(first.json).last)
        }
    }

    @Test("a request for the newest bars fetches only what is new, and built intervals use the same bars")
    func since() async throws {
        try await StoredServer.with { server in
            _ = try await server.get(Self.newest)
            server.simulator.resetSeriesCounts()
            server.clock.advance(bySeconds: 900)
            let later = try await server.get(Self.newest)
            #expect(Self.times(later.json).count == 100)
            #expect(Self.times(later.json).last == Int(server.clock.now.seconds / 300 * 300))
            #expect(later.json["source"] as? String == "tradingview")
            #expect((later.json["origins"] as? [Any])?.isEmpty == false)
            #expect(server.simulator.seriesCount(of: "NSE:NIFTY", .fiveMinutes).barsRequested <= 12)
            server.simulator.resetSeriesCounts()
            let built = try await server.get("/v1/bars?symbol=NSE:NIFTY&interval=10m&count=20")
            #expect(Self.times(built.json).count == 20)
            #expect(built.json["builtFrom"] as? String == "5m")
            #expect(server.simulator.seriesCount(of: "NSE:NIFTY", .fiveMinutes).barsRequested <= 12)
        }
    }

    @Test("coverage reports stored spans and gaps, with counts and revisions")
    func coverage() async throws {
        try await StoredServer.with { server in
            let nothing = try await server.get(Self.coverage)
            #expect(nothing.status == 200)
            #expect(nothing.json["bars"] as? Int == 0)
            #expect(nothing.json["complete"] as? Bool == false)
            _ = try await server.get(Self.past)
            let part = try await server.get(Self.coverage + "&from=\(Self.from - 3600)&to=\(Self.to)")
            #expect(part.json["bars"] as? Int == 72)
            #expect(part.json["missingBars"] as? Int == 12)
            #expect(part.json["revisions"] as? Int == 0)
            let spans = part.json["spans"] as? [[String: Any]]
            #expect(spans?.compactMap { $0["state"] as? String } == ["missing", "had"])
            let whole = try await server.get(Self.coverage + "&from=\(Self.from)&to=\(Self.to)")
            #expect(whole.json["complete"] as? Bool == true)
            let wrong = try await server.get("/v1/coverage?symbol=NSE:NIFTY&interval=7x")
            #expect(wrong.status == 400)
        }
    }

    @Test("with the upstream down stored bars are returned with the gap named, and without any the status is 503")
    func away() async throws {
        try await StoredServer.with { server in
            let before = try await server.get(Self.newest)
            _ = try await server.get(Self.past)
            await server.killUpstream()
            server.clock.advance(bySeconds: 1200)
            let unseen = try await server.get("/v1/bars?symbol=NSE:BANKNIFTY&interval=5m&count=100")
            #expect(unseen.status == 503)
            let whole = try await server.get(Self.past)
            #expect(whole.status == 200)
            #expect(whole.json["complete"] as? Bool == true)
            let partial = try await server.get(Self.newest)
            #expect(partial.status == 200)
            #expect(partial.json["complete"] as? Bool == false)
            #expect(partial.json["source"] as? String == "store")
            #expect(Set(Self.times(before.json)).isSuperset(of: Self.times(partial.json)))
            #expect(Self.times(partial.json).last == Self.times(before.json).dropLast().last)
            let gaps = partial.json["gaps"] as? [[String: Any]]
            #expect(gaps?.compactMap { $0["reason"] as? String } == ["upstream_unavailable"])
            let ready = try await server.get("/health/ready")
            #expect(ready.status == 503)
            server.clock.advance(bySeconds: 86_400)
            #expect(try await server.get(Self.newest).status == 503)
        }
    }

    @Test("the status reports the store's activity")
    func status() async throws {
        try await StoredServer.with { server in
            _ = try await server.get(Self.newest)
            let status = try await server.get("/v1/status")
            let store = try #require(status.json["store"] as? [String: Any])
            #expect(store["state"] as? String == "well")
            #expect(store["barsInserted"] as? Int == 100)
        }
    }
}
