import NIOCore
import Synchronization
import TestSupport
import Testing
import WebSocketTransport

@Suite("How connections end", .timeLimit(.minutes(1)))
struct ClosingTests {
    /// Runs a server whose handler is given, and a client that reads to the end; returns what it read and what it threw.
    private func ending(
        _ handler: @escaping WebSocketUpgradeDecision.Handler
    ) async throws -> (messages: [WebSocketMessage], error: WebSocketError?) {
        try await TestServer(handler: handler).run { port in
            try await WebSocketClient.connect(to: "ws://127.0.0.1:\(port)/ws", logger: .quiet) { inbound, outbound in
                var messages: [WebSocketMessage] = []
                try? await outbound.write(text: "ready")
                do {
                    for try await message in inbound { messages.append(message) }
                    return (messages, nil)
                } catch let error as WebSocketError {
                    await #expect(throws: WebSocketError.self) { try await outbound.write(text: "too late") }
                    return (messages, error)
                }
            }
        }
    }

    @Test("1000 and 1001 end the messages normally", arguments: [1000, 1001] as [WebSocketCloseCode])
    func clean(code: WebSocketCloseCode) async throws {
        let end = try await ending { _, outbound, _ in
            try await outbound.write(text: "last")
            try await outbound.close(code: code, reason: "done")
        }
        #expect(end.messages == [.text("last")])
        #expect(end.error == nil)
    }

    @Test("another code ends them with an error that has code and reason")
    func withCode() async throws {
        let end = try await ending { _, outbound, _ in
            try await outbound.write(text: "last")
            try await outbound.close(code: 4001, reason: "भाव")
        }
        #expect(end.messages == [.text("last")])
        #expect(end.error?.code == .closed(code: 4001, reason: "भाव"))
    }

    @Test("a handler that throws closes with 1011")
    func handlerThrows() async throws {
        let end = try await ending { _, _, _ in throw TestFailure("on purpose") }
        #expect(end.error?.code == .closed(code: 1011, reason: ""))
    }

    @Test("a reason longer than a close frame holds is shortened between characters")
    func longReason() async throws {
        let end = try await ending { _, outbound, _ in
            try await outbound.close(code: 4000, reason: String(repeating: "é", count: 100))
        }
        #expect(end.error?.code == .closed(code: 4000, reason: String(repeating: "é", count: 61)))
    }

    @Test("a connection cut in the middle of a frame is 1006, and the messages before it are kept")
    func cutMidFrame() async throws {
        let end = try await ending { inbound, outbound, context in
            for try await _ in inbound { break }
            try await outbound.write(text: "whole")
            var half = WebSocketOutbound.encodeServerFrame(text: String(repeating: "x", count: 1000))
            try await outbound.writeEncoded(half.readSlice(length: 500) ?? half)
            try await context.cut()
        }
        #expect(end.messages == [.text("whole")])
        #expect(end.error?.code == .closed(code: 1006, reason: ""))
    }

    @Test("a connection reset by the server is 1006")
    func reset() async throws {
        let end = try await ending { inbound, _, context in
            for try await _ in inbound { await context.reset() }
        }
        #expect(end.messages.isEmpty)
        #expect(end.error?.code == .closed(code: 1006, reason: ""))
    }

    @Test("invalid frames are a protocol violation")
    func garbage() async throws {
        let end = try await ending { inbound, outbound, _ in
            try await outbound.writeEncoded(ByteBuffer(bytes: [0xF1, 0x01, 0x41]))
            for try await _ in inbound {}
        }
        #expect(end.error?.code == .protocolViolation)
    }

    @Test("a message over the limit closes with 1009 on one side and is messageTooLarge on the other")
    func tooLarge() async throws {
        let seenByServer = AsyncStream.makeStream(of: WebSocketError.Code?.self)
        let server = TestServer { inbound, outbound, _ in
            try await outbound.write(text: String(repeating: "x", count: 1025))
            do {
                for try await _ in inbound {}
                seenByServer.continuation.yield(nil)
            } catch let error as WebSocketError {
                seenByServer.continuation.yield(error.code)
            }
        }
        try await server.run { port in
            let configuration = WebSocketClientConfiguration(connection: .init(maximumMessageSize: 1024))
            let url = "ws://127.0.0.1:\(port)/ws"
            try await WebSocketClient.connect(to: url, configuration: configuration, logger: .quiet) { inbound, _ in
                let error = await #expect(throws: WebSocketError.self) { for try await _ in inbound {} }
                #expect(error?.code == .messageTooLarge)
            }
            var codes = seenByServer.stream.makeAsyncIterator()
            let expected = WebSocketError.Code.closed(code: 1009, reason: "a message is larger than 1024 bytes")
            #expect(await codes.next() == expected)
        }
    }

    @Test("a peer that never responds to the close delays us no longer than the close timeout")
    func closeWithoutResponse() async throws {
        try await RawServer.run { inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            try await outbound.write(try RawServer.switchingProtocols(to: try await RawServer.requestHead(&iterator)))
            while try await iterator.next() != nil {}
        } body: { port in
            let configuration = WebSocketClientConfiguration(connection: .init(closeTimeout: .milliseconds(50)))
            let url = "ws://127.0.0.1:\(port)/"
            try await WebSocketClient.connect(to: url, configuration: configuration, logger: .quiet) {
                inbound, outbound in
                let took = try await ContinuousClock().measure { try await outbound.close() }
                #expect(took >= .milliseconds(50))
                for try await message in inbound { Issue.record("\(message)") }
                await #expect(throws: WebSocketError.self) { try await outbound.write(text: "too late") }
            }
        }
    }

    @Test("our close gets its response although unread messages pause reading")
    func closeBehindUnreadMessages() async throws {
        let server = TestServer { inbound, outbound, _ in
            let text = String(repeating: "x", count: 1000)
            for _ in 0..<200 { try await outbound.write(text: text) }
            for try await _ in inbound {}
        }
        try await server.run { port in
            let configuration = WebSocketClientConfiguration(connection: .init(closeTimeout: .seconds(30)))
            let url = "ws://127.0.0.1:\(port)/ws"
            try await WebSocketClient.connect(to: url, configuration: configuration, logger: .quiet) { _, outbound in
                try await outbound.close()
            }
        }
    }

    @Test("a cancelled task leaves the body and the connection at once, reading or writing", arguments: [true, false])
    func cancelled(reads: Bool) async throws {
        let begun = AsyncStream.makeStream(of: Void.self)
        let ended = AsyncStream.makeStream(of: Void.self)
        let server = TestServer { inbound, outbound, context in
            begun.continuation.yield()
            try? await context.channel.closeFuture.get()
            ended.continuation.yield()
        }
        try await server.run { port in
            let task = Task {
                try await WebSocketClient.connect(to: "ws://127.0.0.1:\(port)/ws", logger: .quiet) {
                    inbound, outbound in
                    if reads {
                        for try await _ in inbound {}
                    } else {
                        let text = String(repeating: "x", count: 1 << 20)
                        while true { try await outbound.write(text: text) }
                    }
                }
            }
            for await _ in begun.stream { break }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            if reads { for await _ in ended.stream { break } }
        }
    }

    @Test("a viewer that does not read slows the writer instead of filling memory, and broadcasts skip it")
    func slowReader() async throws {
        let skipped = AsyncStream.makeStream(of: Int.self)
        let finished = Mutex(false)
        let frame = WebSocketOutbound.encodeServerFrame(text: String(repeating: "x", count: 60 << 10))
        let server = TestServer { inbound, outbound, _ in
            var taken = 0
            while outbound.writeEncodedIfWritable(frame) { taken += 1 }
            skipped.continuation.yield(taken)
            for _ in 0..<1000 { try await outbound.writeEncoded(frame) }
            finished.withLock { $0 = true }
            try await outbound.close()
        }
        try await server.run { port in
            try await RawClient.run(port: port) { inbound, outbound in
                try await outbound.write(RawClient.upgradeRequest())
                var bytes = inbound.makeAsyncIterator()
                let response = try await RawServer.requestHead(&bytes)
                let early = response.firstRange(of: "\r\n\r\n").map { response[$0.upperBound...].utf8.count } ?? 0
                var counts = skipped.stream.makeAsyncIterator()
                let taken = try #require(await counts.next())
                // What the kernel's buffers hold, a few megabytes; not what the server would like to send.
                #expect(taken < 500)
                let deadline = ContinuousClock.now + .milliseconds(200)
                while ContinuousClock.now < deadline, !finished.withLock({ $0 }) { await Task.yield() }
                #expect(finished.withLock { $0 } == false)
                var read = early
                while read < (taken + 1000) * frame.readableBytes, let some = try await bytes.next() {
                    read += some.readableBytes
                }
                #expect(read >= (taken + 1000) * frame.readableBytes)
                try await outbound.write(ByteBuffer(bytes: [0x88, 0x80, 0, 0, 0, 0]))
            }
        }
        #expect(finished.withLock { $0 })
    }
}
