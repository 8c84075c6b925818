import Foundation
import MarketData
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import MarketServer

/// One connection that says whatever a test wants, and all that the server says until it closes.
struct RawConnection {
    static func responses(to text: String, port: Int) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var responses = ""
            for try await bytes in inbound { responses += String(buffer: bytes) }
            return responses
        }
    }
}

@Suite("Access to the server", .timeLimit(.minutes(2)))
struct DoorTests {
    @Test(
        "without keys only host names of this machine are accepted",
        arguments: [
            ("localhost", 200), ("localhost:8000", 200), ("LOCALHOST", 200), ("127.0.0.1", 200), ("[::1]:80", 200),
            ("desk.example", 200), ("DESK.example:1", 200), ("localhost.", 200), ("evil.example", 421),
            ("localhost.evil.example", 421), ("127.0.0.1.evil.example", 421), ("evil.example:8000", 421),
            ("localhost@evil.example", 421), ("127.0.0.2", 421), ("0.0.0.0", 421), ("[::2]", 421), ("localhost:x", 421),
        ])
    func hosts(host: String, status: Int) async throws {
        let policy = AccessPolicy(hosts: ["desk.example"])
        #expect(policy.isKnownHost(host) == (status == 200))
        try await RunningServer.with(configure: { $0.hosts = ["desk.example"] }) { server in
            for path in ["/v1/status", "/", "/health/live", "/v1/stream"] {
                let text = "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
                let response = try await RawConnection.responses(to: text, port: server.port)
                #expect(response.hasPrefix("HTTP/1.1 421") == (status == 421), "\(path): \(response.prefix(60))")
            }
        }
    }

    @Test(
        "a page of this server's own address may read, one of an address that only begins so may not",
        arguments: [
            ("http://localhost:3000", true), ("https://LOCALHOST:3000", true),
            ("http://localhost:3000.evil.example", false), ("http://localhost:30001", false),
            ("http://localhost:300", false), ("http://localhost", false), ("http://evil.example", false),
            ("http://evil.example/localhost:3000", false), ("ftp://localhost:3000", false), ("null", false),
        ])
    func origins(_ origin: String, isAllowed: Bool) {
        #expect(AccessPolicy().allows(origin: origin, host: "localhost:3000") == isAllowed)
    }

    @Test("a stream is not opened for a foreign host, whatever its origin")
    func rebinding() async throws {
        try await RunningServer.with { server in
            let text =
                "GET /v1/stream HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\nConnection: Upgrade\r\n"
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
            let response = try await RawConnection.responses(to: text, port: server.port)
            #expect(response.hasPrefix("HTTP/1.1 421"))
            #expect(!response.contains("access-control-allow-origin"))
        }
    }

    @Test("with keys any host is accepted, and the key decides")
    func hostsWithKeys() throws {
        let key = try #require(APIKey("k"))
        #expect(AccessPolicy(keys: [key]).isKnownHost("anything.example"))
    }

    @Test(
        "invalid HTTP gets its status, and the connection closes",
        arguments: [
            ("GET /health/live HTTP/1.1\r\n\r\n", "400"),
            ("GET /health/live HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", "400"),
            ("GET /health/live HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", "400"),
            ("GET /health/live HTTP/1.0\r\nHost: localhost\r\n\r\n", "200"),
            ("POST /v1/bars HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc", "405"),
            ("DELETE /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", "405"),
            ("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "200"),
            (
                "GET /v1/bars?symbol=\(String(repeating: "A", count: 60_000)) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "414"
            ),
            (
                "GET /v1/bars?interval=1m&symbol=\(String(repeating: "A", count: 6_000)) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "413"
            ),
        ])
    func rules(text: String, status: String) async throws {
        try await RunningServer.with { server in
            let response = try await RawConnection.responses(to: text, port: server.port)
            #expect(response.hasPrefix("HTTP/1.1 \(status)"), "\(response.prefix(80))")
            #expect(response.lowercased().contains("connection: close"))
        }
    }

    @Test("an idle connection is closed")
    func idle() async throws {
        try await RunningServer.with(configure: { $0.limits.idleTime = .milliseconds(300) }) { server in
            let response = try await RawConnection.responses(
                to: "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", port: server.port)
            #expect(response.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("a wrong version of WebSocket gets 426 and the right version")
    func version() async throws {
        try await RunningServer.with { server in
            let text =
                "GET /v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
            let response = try await RawConnection.responses(to: text, port: server.port)
            #expect(response.hasPrefix("HTTP/1.1 426"))
            #expect(response.lowercased().contains("sec-websocket-version: 13"))
        }
    }

    @Test("a client over its rate limit gets a Retry-After")
    func rate() async throws {
        try await RunningServer.with(configure: { $0.limits.requestsPerMinute = 12 }) { server in
            var statuses: [Int] = []
            for _ in 0..<4 { statuses.append(try await server.get("/v1/status").status) }
            #expect(statuses.prefix(2) == [200, 200])
            #expect(statuses.last == 429)
            let refused = try await server.get("/v1/status")
            #expect(refused.headers["retry-after"] != nil)
            #expect(try await server.get("/health/live").status == 200)
        }
    }

    @Test("tokens are refilled with time, and clients are counted separately")
    func bucket() {
        let limiter = RateLimiter(perMinute: 60)
        let start = ContinuousClock.now
        for _ in 0..<10 { #expect(limiter.take("a", at: start) == nil) }
        #expect(limiter.take("a", at: start) == 1)
        #expect(limiter.take("b", at: start) == nil)
        #expect(limiter.take("a", at: start + .seconds(1)) == nil)
        #expect(limiter.take("a", at: start + .seconds(1)) == 1)
    }
}
