import HTTPTypes
import NIOCore
import TestSupport
import Testing
import WebSocketTransport

@Suite("REST and WebSocket on one port", .timeLimit(.minutes(1)))
struct ServerUpgradeTests {
    @Test("an ordinary request is served by the router, before and after a WebSocket on the same port")
    func restBesideWebSocket() async throws {
        try await TestServer(handler: TestServer.echo).run { port in
            #expect(try await response(port, path: "/hello").hasSuffix("hello"))
            try await WebSocketClient.connect(to: "ws://127.0.0.1:\(port)/ws", logger: .quiet) { inbound, outbound in
                try await outbound.write(text: "hi")
                for try await message in inbound {
                    #expect(message == .text("hi"))
                    break
                }
                #expect(try await response(port, path: "/hello").hasSuffix("hello"))
            }
        }
    }

    @Test(
        "an upgrade that is refused, malformed or to something else gets the router's response",
        arguments: [
            RawClient.upgradeRequest(path: "/hello"),
            ByteBuffer(string: "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
            ByteBuffer(string: "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
        ]
    )
    func refusedUpgrade(request: ByteBuffer) async throws {
        try await TestServer(handler: TestServer.echo).run { port in
            try await RawClient.run(port: port) { inbound, outbound in
                try await outbound.write(request)
                var text = ""
                for try await bytes in inbound { text += String(buffer: bytes) }
                #expect(text.hasPrefix("HTTP/1.1 200"))
                #expect(text.hasSuffix("hello"))
            }
        }
    }

    @Test("an ordinary connection serves a second request")
    func keptAlive() async throws {
        try await TestServer(handler: TestServer.echo).run { port in
            try await RawClient.run(port: port) { inbound, outbound in
                var iterator = inbound.makeAsyncIterator()
                for status in ["200", "403"] {
                    let path = status == "200" ? "/hello" : "/private"
                    try await outbound.write(ByteBuffer(string: "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n"))
                    let head = try await RawServer.requestHead(&iterator)
                    #expect(head.hasPrefix("HTTP/1.1 \(status)"))
                }
            }
        }
    }

    @Test("a client that offers permessage-deflate gets a response without it, and its plain frames are read")
    func extensionOffered() async throws {
        try await TestServer(handler: TestServer.echo).run { port in
            try await RawClient.run(port: port) { inbound, outbound in
                let offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
                try await outbound.write(RawClient.upgradeRequest(further: offer))
                var iterator = inbound.makeAsyncIterator()
                let head = try await RawServer.requestHead(&iterator)
                #expect(head.hasPrefix("HTTP/1.1 101"))
                #expect(!head.lowercased().contains("sec-websocket-extensions"))
                #expect(head.contains("Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI="))
                // "hi", masked with the key 1 2 3 4.
                try await outbound.write(ByteBuffer(bytes: [0x81, 0x82, 1, 2, 3, 4, 0x68 ^ 1, 0x69 ^ 2]))
                let echoed = try await iterator.next()
                #expect(echoed == ByteBuffer(bytes: [0x81, 0x02, 0x68, 0x69]))
            }
        }
    }

    @Test("the decision's headers are on the 101 response, and the handler knows the request with its query")
    func headersAndContext() async throws {
        var server = TestServer(handler: TestServer.echo)
        server.shouldUpgrade = { request in
            guard request.headerFields[.authorization] == "key" else { return .refuse }
            return .upgrade([.init("X-Version") ?? .server: "1"]) { _, outbound, context in
                try await outbound.write(
                    text: "\(context.request.path ?? "") \(context.request.headerFields[.origin] ?? "")")
            }
        }
        try await server.run { port in
            let configuration = WebSocketClientConfiguration(
                headers: [("Authorization", "key"), ("Origin", "https://www.example.com")]
            )
            let url = "ws://127.0.0.1:\(port)/any/path?from=chart%2F&type=chart"
            try await WebSocketClient.connect(to: url, configuration: configuration, logger: .quiet) { inbound, _ in
                var messages = inbound.makeAsyncIterator()
                let seen = try await messages.next()
                #expect(seen == .text("/any/path?from=chart%2F&type=chart https://www.example.com"))
            }
            try await RawClient.run(port: port) { inbound, outbound in
                try await outbound.write(RawClient.upgradeRequest(further: "Authorization: key\r\n"))
                var iterator = inbound.makeAsyncIterator()
                let head = try await RawServer.requestHead(&iterator)
                #expect(head.contains("X-Version: 1\r\n"))
            }
        }
    }

    @Test("a graceful shutdown closes open WebSockets with 1001 and ends connections that sent nothing yet")
    func gracefulShutdown() async throws {
        try await TestServer(handler: TestServer.echo).run { port, shutDown in
            try await RawClient.run(port: port) { silent, _ in
                try await RawClient.run(port: port) { inbound, outbound in
                    try await outbound.write(RawClient.upgradeRequest())
                    var iterator = inbound.makeAsyncIterator()
                    _ = try await RawServer.requestHead(&iterator)
                    await shutDown()
                    let close = try await iterator.next()
                    #expect(close?.getBytes(at: 0, length: 1) == [0x88])
                    #expect(close?.getInteger(at: 2, as: UInt16.self) == 1001)
                    try await outbound.write(ByteBuffer(bytes: [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE9]))
                    #expect(try await iterator.next() == nil)
                }
                for try await _ in silent {}
            }
        }
    }

    @Test("a server that pings drops a client that has gone silent, and keeps one that responds")
    func keepAlive() async throws {
        let ended = AsyncStream.makeStream(of: (any Error)?.self)
        var configuration = WebSocketServerConfiguration()
        configuration.connection.pingInterval = .milliseconds(250)
        let server = TestServer(configuration: configuration) { inbound, _, context in
            do {
                for try await _ in inbound {}
                ended.continuation.yield(nil)
            } catch {
                ended.continuation.yield(error)
            }
        }
        try await server.run { port in
            try await RawClient.run(port: port) { _, outbound in
                try await outbound.write(RawClient.upgradeRequest())
                var endings = ended.stream.makeAsyncIterator()
                let error = await endings.next() ?? nil
                #expect((error as? WebSocketError)?.code == .timedOut)
            }
            try await RawClient.run(port: port) { inbound, outbound in
                try await outbound.write(RawClient.upgradeRequest())
                var iterator = inbound.makeAsyncIterator()
                _ = try await RawServer.requestHead(&iterator)
                var pings = 0
                while pings < 5, let bytes = try await iterator.next() {
                    for case 0x89 in bytes.readableBytesView {
                        try await outbound.write(ByteBuffer(bytes: [0x8A, 0x80, 0, 0, 0, 0]))
                        pings += 1
                    }
                }
                #expect(pings >= 5)
            }
        }
    }

    @Test("a first request that is not HTTP gets 400 and the connection is closed")
    func malformedRequest() async throws {
        try await TestServer(handler: TestServer.echo).run { port in
            try await RawClient.run(port: port) { inbound, outbound in
                try await outbound.write(ByteBuffer(string: "what is this?\r\n\r\n"))
                var text = ""
                for try await bytes in inbound { text += String(buffer: bytes) }
                #expect(text.hasPrefix("HTTP/1.1 400"))
            }
        }
    }

    @Test("a connection that never completes its first request is closed")
    func silentConnection() async throws {
        let configuration = WebSocketServerConfiguration(firstRequestTimeout: .milliseconds(50))
        try await TestServer(configuration: configuration, handler: TestServer.echo).run { port in
            try await RawClient.run(port: port) { inbound, outbound in
                // Whether the end comes as an end or as a reset is the kernel's affair; that it comes is ours.
                try? await outbound.write(ByteBuffer(string: "GET /hello HTTP/1.1\r\n"))
                var iterator = inbound.makeAsyncIterator()
                while let bytes = try? await iterator.next() { Issue.record("\(bytes)") }
            }
        }
    }

    private func response(_ port: Int, path: String) async throws -> String {
        try await RawClient.run(port: port) { inbound, outbound in
            let request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            try await outbound.write(ByteBuffer(string: request))
            var text = ""
            for try await bytes in inbound { text += String(buffer: bytes) }
            return text
        }
    }
}
