import NIOCore
import TestSupport
import Testing
import WebSocketTransport

@Suite("Connecting that fails", .timeLimit(.minutes(1)))
struct ConnectingTests {
    private func failure(
        _ url: String,
        _ configuration: WebSocketClientConfiguration = WebSocketClientConfiguration()
    ) async throws -> WebSocketError {
        let error = await #expect(throws: WebSocketError.self) {
            try await WebSocketClient.connect(to: url, configuration: configuration, logger: .quiet) { _, _ in }
        }
        return try #require(error)
    }

    @Test(
        "an invalid address is rejected before anything is sent",
        arguments: [
            "", "example.com", "http://example.com/", "ws://", "ws://:80/", "ws://host:0/", "ws://host:65536/",
            "ws://host:x/", "ws://[::1", "ws://[::1]x/", "ws://user:secret@host/", "ws://host/a b", "ws://hőst/",
        ]
    )
    func invalidURL(url: String) async throws {
        let code = try await failure(url).code
        #expect(code == .invalidURL)
    }

    @Test("a port without a listener is a refused connection, with host and port")
    func refused() async throws {
        let port = try await RawServer.run { _, _ in
        } body: {
            $0
        }
        let error = try await failure("ws://127.0.0.1:\(port)/")
        #expect(error.code == .connectionRefused)
        #expect(error.message.contains("127.0.0.1:\(port)"))
    }

    @Test("a name without an address is not found")
    func nameNotFound() async throws {
        let error = try await failure("ws://no-such-host.invalid:81/")
        #expect(error.code == .nameNotFound)
        #expect(error.message.contains("no-such-host.invalid"))
        #expect(error.message.contains("81"))
    }

    @Test("a server that accepts and stays silent is a timeout")
    func silentServer() async throws {
        try await RawServer.run { inbound, _ in
            for try await _ in inbound {}
        } body: { port in
            let error = try await failure(
                "ws://127.0.0.1:\(port)/",
                WebSocketClientConfiguration(upgradeTimeout: .milliseconds(100))
            )
            #expect(error.code == .timedOut)
            #expect(error.message.contains("127.0.0.1:\(port)"))
        }
    }

    @Test("a server that accepts without TLS is a timeout too")
    func silentServerUnderTLS() async throws {
        try await RawServer.run { inbound, _ in
            for try await _ in inbound {}
        } body: { port in
            let configuration = WebSocketClientConfiguration(upgradeTimeout: .milliseconds(100))
            let code = try await failure("wss://127.0.0.1:\(port)/", configuration).code
            #expect(code == .timedOut)
        }
    }

    @Test("a server that speaks another protocol than HTTP is a protocol violation")
    func garbage() async throws {
        try await RawServer.run { inbound, outbound in
            try await outbound.write(ByteBuffer(string: "SSH-2.0-OpenSSH_9.2p1\r\n\r\n"))
            // Closing with the request unread would reset the connection, and the greeting might be lost.
            for try await _ in inbound {}
        } body: { port in
            let plain = try await failure("ws://127.0.0.1:\(port)/").code
            #expect(plain == .protocolViolation)
            let secure = try await failure("wss://127.0.0.1:\(port)/").code
            #expect(secure == .tlsFailed)
        }
    }

    @Test("a server that closes before it responds is an abnormal close")
    func hangsUp() async throws {
        try await RawServer.run { inbound, _ in
            for try await _ in inbound { break }
        } body: { port in
            let code = try await failure("ws://127.0.0.1:\(port)/").code
            #expect(code == .closed(code: 1006, reason: ""))
        }
    }

    @Test("429 at the upgrade has status, reason, Retry-After and the start of the body")
    func tooManyRequests() async throws {
        try await TestServer(handler: TestServer.echo).run { port in
            let error = try await failure("ws://127.0.0.1:\(port)/busy")
            #expect(error.code == .upgradeRefused(status: 429))
            #expect(error.refusal?.reasonPhrase == "Too Many Requests")
            #expect(error.refusal?.retryAfterSeconds == 7)
            #expect(error.refusal?.body == String(repeating: "slow down ", count: 20))
            #expect(error.message.contains("429"))
        }
    }

    @Test("403 at the upgrade needs no body")
    func forbidden() async throws {
        try await TestServer(handler: TestServer.echo).run { port in
            let error = try await failure("ws://127.0.0.1:\(port)/private")
            #expect(error.code == .upgradeRefused(status: 403))
            #expect(
                error.refusal
                    == UpgradeRefusal(status: 403, reasonPhrase: "Forbidden", retryAfterSeconds: nil, body: ""))
        }
    }

    @Test("a refusal whose body never ends is reported with what arrived")
    func endlessRefusal() async throws {
        try await RawServer.run { inbound, outbound in
            var requests = inbound.makeAsyncIterator()
            _ = try await RawServer.requestHead(&requests)
            let head = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 100\r\n\r\nnot now"
            try await outbound.write(ByteBuffer(string: head))
            while try await requests.next() != nil {}
        } body: { port in
            let error = try await failure("ws://127.0.0.1:\(port)/")
            #expect(error.code == .upgradeRefused(status: 503))
            #expect(error.refusal?.body == "not now")
        }
    }

    @Test(
        "a 101 response that does not match the request is rejected",
        arguments: [
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n",
            "Connection: Upgrade\r\nUpgrade: websocket\r\n", "",
        ]
    )
    func wrongAccept(headers: String) async throws {
        try await RawServer.run { inbound, outbound in
            try await outbound.write(ByteBuffer(string: "HTTP/1.1 101 Switching Protocols\r\n\(headers)\r\n"))
            for try await _ in inbound {}
        } body: { port in
            let code = try await failure("ws://127.0.0.1:\(port)/").code
            #expect(code == .protocolViolation)
        }
    }

    @Test("an extension that was not requested is rejected")
    func unaskedExtension() async throws {
        try await RawServer.run { inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            let head = try await RawServer.requestHead(&iterator)
            #expect(!head.lowercased().contains("sec-websocket-extensions"))
            let further = "Sec-WebSocket-Extensions: permessage-deflate\r\n"
            try await outbound.write(try RawServer.switchingProtocols(to: head, further: further))
            while try await iterator.next() != nil {}
        } body: { port in
            let code = try await failure("ws://127.0.0.1:\(port)/").code
            #expect(code == .protocolViolation)
        }
    }

    @Test("frames in the same packet as the 101 response are not lost")
    func framesWithTheResponse() async throws {
        try await RawServer.run { inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            var response = try RawServer.switchingProtocols(to: try await RawServer.requestHead(&iterator))
            response.writeImmutableBuffer(WebSocketOutbound.encodeServerFrame(text: "first"))
            response.writeImmutableBuffer(WebSocketOutbound.encodeServerFrame(text: "second"))
            try await outbound.write(response)
            while try await iterator.next() != nil {}
        } body: { port in
            let configuration = WebSocketClientConfiguration(connection: .init(closeTimeout: .milliseconds(100)))
            try await WebSocketClient.connect(
                to: "ws://localhost:\(port)",
                configuration: configuration,
                logger: .quiet
            ) { inbound, _ in
                var messages = inbound.makeAsyncIterator()
                let (first, second) = (try await messages.next(), try await messages.next())
                #expect(first == .text("first"))
                #expect(second == .text("second"))
            }
        }
    }

    @Test("a cancelled task stops connecting at once", arguments: ["ws", "wss"])
    func cancelled(scheme: String) async throws {
        let accepted = AsyncStream.makeStream(of: Void.self)
        try await RawServer.run { inbound, _ in
            accepted.continuation.yield()
            for try await _ in inbound {}
            accepted.continuation.finish()
        } body: { port in
            let task = Task {
                try await WebSocketClient.connect(to: "\(scheme)://127.0.0.1:\(port)/", logger: .quiet) { _, _ in }
            }
            for await _ in accepted.stream { task.cancel() }
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }
}
