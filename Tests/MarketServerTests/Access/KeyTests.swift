import AsyncHTTPClient
import Foundation
import MarketData
import NIOCore
import NIOHTTP1
import Testing

@testable import MarketServer

@Suite("Keys")
struct KeyTests {
    @Test(
        "SHA-256 agrees with the standard's examples",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (String(repeating: "a", count: 1000), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
        ])
    func digest(text: String, expected: String) {
        #expect(KeyDigest.hexadecimal(KeyDigest.of(text)) == expected)
    }

    @Test("a generated key is found by its stored line, which does not contain it")
    func generated() throws {
        let (text, key) = APIKey.generate(name: "desk", scope: .read, expires: Timestamp(seconds: 2_000_000_000))
        let read = try APIKey.read(file: "# keys\n\n\(key.line)\r\n")
        #expect(read.count == 1)
        let found = try #require(read.first)
        #expect(found.name == "desk" && found.scope == .read && found.expires == Timestamp(seconds: 2_000_000_000))
        #expect(found.matches(text))
        #expect(!found.matches(text.dropLast()))
        #expect(!key.line.contains(text))
    }

    @Test(
        "an invalid line is named",
        arguments: [
            "desk read never", "desk write never sha256:" + String(repeating: "0", count: 64),
            "desk read soon sha256:" + String(repeating: "0", count: 64), "desk read never sha256:00",
            "desk read never md5:" + String(repeating: "0", count: 64),
            "desk read never sha256:" + String(repeating: "g", count: 64),
        ])
    func wrongLines(line: String) {
        let error = #expect(throws: MarketDataError.self) { try APIKey.read(file: "# first\n" + line) }
        #expect(error?.message.contains("line 2") == true)
    }

    @Test("a key of scope read cannot read the metrics, and an expired key nothing")
    func scopes() async throws {
        let reader = APIKey.generate(name: "reader", scope: .read, expires: nil)
        let admin = APIKey.generate(name: "admin", scope: .admin, expires: nil)
        let old = APIKey.generate(name: "old", scope: .admin, expires: RunningServer.now)
        try await RunningServer.with(configure: { $0.apiKeys = [reader.key, admin.key, old.key] }) { server in
            let allowed = try await server.get("/v1/status", headers: [("X-API-Key", reader.text)])
            #expect(allowed.status == 200)
            #expect(try await server.get("/metrics", headers: [("X-API-Key", reader.text)]).status == 403)
            #expect(try await server.get("/metrics", headers: [("X-API-Key", admin.text)]).status == 200)
            #expect(try await server.get("/v1/status", headers: [("X-API-Key", old.text)]).status == 401)
            #expect(try await server.get("/metrics").status == 401)
        }
    }

    @Test("a browser signs in with a key once and then sends a cookie, until it signs out")
    func login() async throws {
        let (text, key) = APIKey.generate(name: "desk", scope: .read, expires: nil)
        try await RunningServer.with(configure: { $0.apiKeys = [key] }) { server in
            #expect(try await server.get("/login").text.contains("<form"))
            #expect(try await post(server.port, "/login", "key=wrong").status == .unauthorized)
            #expect(
                try await post(server.port, "/login", "key=\(text)", [("Origin", "http://evil.example")]).status
                    == .unauthorized)
            let welcome = try await post(server.port, "/login", "key=\(text)")
            #expect(welcome.status == .seeOther)
            let cookie = try #require(welcome.headers.first(name: "set-cookie"))
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains(text))
            let pair = String(cookie.prefix { $0 != ";" })
            #expect(try await server.get("/v1/status", headers: [("Cookie", pair)]).status == 200)
            #expect(try await server.get("/v1/status", headers: [("Cookie", pair + "0")]).status == 401)
            _ = try await post(server.port, "/logout", "", [("Cookie", pair)])
            #expect(try await server.get("/v1/status", headers: [("Cookie", pair)]).status == 401)
        }
    }

    private func post(_ port: Int, _ path: String, _ body: String, _ headers: [(String, String)] = []) async throws
        -> HTTPClientResponse
    {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(string: body))
        var settings = HTTPClient.Configuration()
        settings.redirectConfiguration = .disallow
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        let response = try await client.execute(request, timeout: .seconds(20))
        try await client.shutdown()
        return response
    }
}
