import Logging
import NIOCore
import TestSupport
import Testing
import WebSocketTransport

@Suite("Messages between our client and our server", .timeLimit(.minutes(1)))
struct EchoTests {
    @Test(
        "a message of any length class comes back unchanged", arguments: [0, 1, 125, 126, 65_535, 65_536, 5 << 20])
    func echo(length: Int) async throws {
        try await TestServer(handler: TestServer.echo).run { port in
            try await WebSocketClient.connect(to: "ws://127.0.0.1:\(port)/ws", logger: .quiet) { inbound, outbound in
                let bytes = ByteBuffer(bytes: (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })
                try await outbound.write(.binary(bytes))
                var messages = inbound.makeAsyncIterator()
                #expect(try await messages.next() == .binary(bytes))
                try await outbound.write(text: "भाव \(length)")
                #expect(try await messages.next() == .text("भाव \(length)"))
            }
        }
    }

    @Test("a server's message in continuation frames with a ping between is complete, and the ping gets its pong")
    func fragments() async throws {
        let text = "one message in five pieces"
        let server = TestServer { inbound, outbound, _ in
            var first = WebSocketOutbound.encodeServerFrame(text: "he")
            first.setInteger(0x01 as UInt8, at: 0)
            var last = WebSocketOutbound.encodeServerFrame(text: "llo")
            last.setInteger(0x80 as UInt8, at: 0)
            try await outbound.writeEncoded(first)
            try await outbound.writePing(ByteBuffer(string: "between"))
            try await outbound.writeEncoded(last)
            try await outbound.writeFragmented(.text(text), pieces: 5)
            for try await message in inbound { try await outbound.write(message) }
        }
        try await server.run { port in
            try await WebSocketClient.connect(to: "ws://127.0.0.1:\(port)/ws", logger: .quiet) { inbound, outbound in
                var messages = inbound.makeAsyncIterator()
                #expect(try await messages.next() == .text("hello"))
                #expect(try await messages.next() == .text(text))
                try await outbound.writeFragmented(.text(text), pieces: 60)
                #expect(try await messages.next() == .text(text))
            }
        }
    }

    @Test("a loop over the messages that was left can be followed by another")
    func twoLoops() async throws {
        let server = TestServer { _, outbound, _ in
            for number in 1...4 { try await outbound.write(text: "\(number)") }
        }
        let seen = try await server.run { port in
            try await WebSocketClient.connect(to: "ws://127.0.0.1:\(port)/ws", logger: .quiet) { inbound, _ in
                var seen: [String] = []
                for try await message in inbound {
                    seen.append(String(buffer: message.bytes))
                    if seen.count == 2 { break }
                }
                for try await message in inbound { seen.append(String(buffer: message.bytes)) }
                for try await message in inbound { seen.append("after the end: \(message)") }
                return seen
            }
        }
        #expect(seen == ["1", "2", "3", "4"])
    }

    @Test("200 clients connect and every one receives the broadcast, whose bytes were encoded once")
    func broadcast() async throws {
        let viewers = Viewers()
        let server = TestServer { inbound, outbound, _ in
            await viewers.add(outbound)
            for try await _ in inbound {}
        }
        let received = try await server.run { port in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        try await WebSocketClient.connect(to: "ws://127.0.0.1:\(port)/ws", logger: .quiet) {
                            inbound, _ in
                            for try await message in inbound { return message == .text("to all of you") }
                            return false
                        }
                    }
                }
                await viewers.wait(for: 200)
                let frame = WebSocketOutbound.encodeServerFrame(text: "to all of you")
                for (index, viewer) in await viewers.all.enumerated() {
                    if index.isMultiple(of: 2) {
                        try await viewer.writeEncoded(frame)
                    } else {
                        #expect(viewer.writeEncodedIfWritable(frame))
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
        }
        #expect(received == 200)
    }

    private actor Viewers {
        private(set) var all: [WebSocketOutbound] = []
        private var waiting: (count: Int, CheckedContinuation<Void, Never>)?

        func add(_ viewer: WebSocketOutbound) {
            all.append(viewer)
            if let waiting, all.count >= waiting.count {
                waiting.1.resume()
                self.waiting = nil
            }
        }

        func wait(for count: Int) async {
            guard all.count < count else { return }
            await withCheckedContinuation { waiting = (count, $0) }
        }
    }
}
