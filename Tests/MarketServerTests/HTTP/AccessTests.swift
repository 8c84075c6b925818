import MarketData
import Testing

@testable import MarketServer

@Suite("Access control")
struct AccessTests {
    private static let origin = "http://localhost:3000"

    @Test("only pages of the named origins may read responses")
    func origins() async throws {
        try await RunningServer.with(configure: { $0.corsOrigins = [Self.origin] }) { server in
            let named = try await server.get("/v1/status", headers: [("Origin", Self.origin)])
            #expect(named.headers["access-control-allow-origin"] == Self.origin)
            let other = try await server.get("/v1/status", headers: [("Origin", "http://elsewhere.example")])
            #expect(other.headers["access-control-allow-origin"] == nil)
            let preflight = try await server.get("/v1/status", method: "OPTIONS", headers: [("Origin", Self.origin)])
            #expect(preflight.status == 204)
            let refused = try await server.get(
                "/v1/status", method: "OPTIONS", headers: [("Origin", "http://elsewhere.example")])
            #expect(refused.status == 403)
        }
    }

    @Test("only a page of the server's origin can open a stream")
    func streamOrigins() async throws {
        try await RunningServer.with { server in
            try await server.socket("/v1/stream", headers: [("Origin", "http://127.0.0.1:\(server.port)")]) { stream in
                try await stream.say(#"{"type":"ping"}"#)
                #expect(try await stream.next()["type"].string == "pong")
            }
            await #expect(throws: (any Error).self) {
                try await server.socket("/v1/stream", headers: [("Origin", "http://elsewhere.example")]) { _ in }
            }
        }
    }

    @Test("with keys every request except health needs one, in any of three ways")
    func keys() async throws {
        let keys = ["first-key", "second-key"].compactMap(APIKey.init)
        try await RunningServer.with(configure: { $0.apiKeys = keys }) { server in
            let without = try await server.get("/v1/status")
            #expect(without.status == 401)
            #expect(without.headers["www-authenticate"] == "Bearer")
            #expect(try without.json["error"]["code"].string == "unauthorized")
            #expect(try await server.get("/v1/status", headers: [("X-API-Key", "wrong")]).status == 401)
            #expect(try await server.get("/v1/status", headers: [("X-API-Key", "second-key")]).status == 200)
            #expect(
                try await server.get("/v1/status", headers: [("Authorization", "Bearer first-key")]).status == 200)
            #expect(try await server.get("/v1/status?key=first-key").status == 200)
            #expect(try await server.get("/health/live").status == 200)
            try await server.socket("/v1/stream?key=first-key") { stream in
                try await stream.say(#"{"type":"ping"}"#)
                #expect(try await stream.next()["type"].string == "pong")
            }
            await #expect(throws: (any Error).self) { try await server.socket("/v1/stream") { _ in } }
        }
    }

    @Test("listening on an address that other machines can reach requires a key")
    func loopback() throws {
        for host in ["0.0.0.0", "192.168.1.5", "::", "example.org"] {
            #expect(throws: MarketDataError.self) { try MarketServerConfiguration(host: host).validate() }
            let keys = [try #require(APIKey("k"))]
            #expect(throws: Never.self) { try MarketServerConfiguration(host: host, apiKeys: keys).validate() }
        }
        for host in ["127.0.0.1", "localhost", "::1"] {
            #expect(throws: Never.self) { try MarketServerConfiguration(host: host).validate() }
        }
    }

    @Test("a key never prints itself")
    func secret() throws {
        let key = try #require(APIKey("very-secret"))
        #expect(!"\(key) \(String(reflecting: key)) \(MarketServerConfiguration(apiKeys: [key]))".contains("secret"))
        #expect(!key.matches("very-secre"))
        #expect(!key.matches("very-secretvery-secret"))
        #expect(!key.matches(""))
        #expect(key.matches("very-secret"))
    }
}
