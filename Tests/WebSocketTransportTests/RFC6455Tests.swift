import NIOCore
import TestSupport
import Testing
import WebSocketTransport

/// What RFC 6455 demands of a server, in cases of raw bytes over a socket to an echo server.
@Suite("RFC 6455 over a socket", .timeLimit(.minutes(5)))
struct RFC6455Tests {
    /// What the server must send, after which it must close where a code is given.
    struct Expectation: Sendable, Equatable {
        /// Opcode and payload of each frame in order.
        var frames: [Received] = []
        /// The code of the close frame; 0 for one without a code; `nil` where the connection stays open.
        var close: UInt16?
    }

    struct Received: Sendable, Equatable {
        let opcode: UInt8
        let payload: [UInt8]
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        /// How many bytes a write carries; 0 for all.
        var chop = 0
        let expected: Expectation

        var testDescription: String { name }
    }

    static let cases: [Case] = messages + fragmented + controls + closings + violations + encodings

    @Test("the battery has at least a hundred cases")
    func size() { #expect(Self.cases.count >= 100) }

    @Test("each case gets the protocol's response", arguments: cases)
    func battery(example: Case) async throws {
        let configuration = WebSocketServerConfiguration(
            connection: WebSocketConfiguration(maximumMessageSize: 1 << 20, closeTimeout: .seconds(2)))
        let seen = try await TestServer(configuration: configuration, handler: TestServer.echo).run { port in
            try await RawClient.run(port: port) { inbound, outbound in
                var iterator = inbound.makeAsyncIterator()
                try await outbound.write(RawClient.upgradeRequest())
                let head = try await RawServer.requestHead(&iterator)
                try #require(head.hasPrefix("HTTP/1.1 101"))
                // A ping at the end shows that the connection is still open, and that nothing else follows.
                let marker = example.expected.close == nil ? frame(0x9, Array("end".utf8)) : []
                let bytes = example.bytes + marker
                let size = example.chop == 0 ? max(bytes.count, 1) : example.chop
                for start in stride(from: 0, to: bytes.count, by: size) {
                    try await outbound.write(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
                }
                var reader = FrameReader()
                // Pongs may overtake the echo, which passes through a task.
                while !(reader.isDone
                    && (reader.seen.close != nil || reader.seen.frames.count >= example.expected.frames.count)),
                    let more = try await iterator.next()
                { reader.take(more) }
                return reader.seen
            }
        }
        #expect(seen == example.expected)
    }

    // MARK: The cases

    private static let messages: [Case] = [0, 1, 125, 126, 127, 128, 65_535, 65_536, 300_000].flatMap { size in
        [UInt8(1), 2].flatMap { opcode in
            [0, 997].filter { $0 == 0 || size < 70_000 }.map { chop in
                let payload = [UInt8](repeating: 0x2A, count: size)
                return Case(
                    name:
                        "\(opcode == 1 ? "text" : "binary") of \(size) bytes\(chop == 0 ? "" : ", in writes of \(chop)")",
                    bytes: frame(opcode, payload), chop: chop,
                    expected: Expectation(frames: [Received(opcode: opcode, payload: payload)]))
            }
        }
    }

    private static let fragmented: [Case] = [2, 3, 10].flatMap { pieces in
        [UInt8(1), 2].flatMap { opcode in
            [false, true].map { withPings in
                let payload = Array("भाव चल रहा है".utf8)
                var bytes: [UInt8] = []
                var frames: [Received] = []
                for piece in 0..<pieces {
                    let part = Array(payload[payload.count * piece / pieces..<payload.count * (piece + 1) / pieces])
                    bytes += frame(piece == 0 ? opcode : 0, part, isFinal: piece == pieces - 1)
                    if withPings, piece < pieces - 1 {
                        bytes += frame(0x9, [UInt8(piece)])
                        frames.append(Received(opcode: 0xA, payload: [UInt8(piece)]))
                    }
                }
                return Case(
                    name:
                        "\(opcode == 1 ? "text" : "binary") in \(pieces) frames\(withPings ? " with pings between" : "")",
                    bytes: bytes,
                    expected: Expectation(frames: frames + [Received(opcode: opcode, payload: payload)]))
            }
        }
    }

    private static let controls: [Case] =
        [0, 1, 124, 125].map { size in
            let payload = [UInt8](repeating: 0xFE, count: size)
            return Case(
                name: "ping of \(size) bytes", bytes: frame(0x9, payload),
                expected: Expectation(frames: [Received(opcode: 0xA, payload: payload)]))
        } + [
            Case(name: "unsolicited pong", bytes: frame(0xA, [1, 2]), expected: Expectation()),
            Case(
                name: "ten pings", bytes: (0..<10).flatMap { frame(0x9, [UInt8($0)]) },
                expected: Expectation(frames: (0..<10).map { Received(opcode: 0xA, payload: [UInt8($0)]) })),
            Case(
                name: "empty frames around a text",
                bytes: frame(1, [], isFinal: false) + frame(0, Array("a".utf8), isFinal: false) + frame(0, []),
                expected: Expectation(frames: [Received(opcode: 1, payload: Array("a".utf8))])),
        ]

    private static let closings: [Case] =
        [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999].map { code in
            Case(
                name: "close with \(code)", bytes: frame(0x8, [UInt8(code >> 8), UInt8(code & 255)]),
                expected: Expectation(close: UInt16(code)))
        }
        + [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map { code in
            Case(
                name: "close with the invalid code \(code)",
                bytes: frame(0x8, [UInt8(code >> 8), UInt8(code & 255)]), expected: Expectation(close: 1002))
        } + [
            Case(name: "close without a code", bytes: frame(0x8, []), expected: Expectation(close: 0)),
            Case(name: "close with half a code", bytes: frame(0x8, [3]), expected: Expectation(close: 1002)),
            Case(
                name: "close with a reason", bytes: frame(0x8, [0x03, 0xE8] + Array("bye".utf8)),
                expected: Expectation(close: 1000)),
            Case(
                name: "close with the longest reason",
                bytes: frame(0x8, [0x03, 0xE8] + [UInt8](repeating: 0x61, count: 123)),
                expected: Expectation(close: 1000)),
            Case(
                name: "close with a reason that is not UTF-8", bytes: frame(0x8, [0x03, 0xE8, 0xC3, 0x28]),
                expected: Expectation(close: 1007)),
            Case(
                name: "a text after the close is ignored",
                bytes: frame(0x8, [0x03, 0xE8]) + frame(1, Array("late".utf8)), expected: Expectation(close: 1000)),
        ]

    private static let violations: [Case] =
        [UInt8(0x40), 0x20, 0x10, 0x70].flatMap { reserved in
            [UInt8(0x1), 0x2, 0x9].map { opcode in
                Case(
                    name: "reserved bits \(reserved) on opcode \(opcode)",
                    bytes: frame(opcode, [0x61], reserved: reserved), expected: Expectation(close: 1002))
            }
        }
        + ([3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF] as [UInt8]).map { opcode in
            Case(
                name: "reserved opcode \(opcode)", bytes: frame(opcode, []), expected: Expectation(close: 1002))
        }
        + ([0x8, 0x9, 0xA] as [UInt8]).flatMap { opcode in
            [
                Case(
                    name: "control \(opcode) in fragments", bytes: frame(opcode, [], isFinal: false),
                    expected: Expectation(close: 1002)),
                Case(
                    name: "control \(opcode) of 126 bytes", bytes: frame(opcode, [UInt8](repeating: 0, count: 126)),
                    expected: Expectation(close: 1002)),
            ]
        }
        + ([0x1, 0x2, 0x9] as [UInt8]).map { opcode in
            Case(
                name: "unmasked opcode \(opcode)", bytes: [0x80 | opcode, 1, 0x61], expected: Expectation(close: 1002))
        } + [
            Case(
                name: "a continuation of nothing", bytes: frame(0, Array("x".utf8)), expected: Expectation(close: 1002)),
            Case(
                name: "a continuation of nothing, not final", bytes: frame(0, [], isFinal: false),
                expected: Expectation(close: 1002)),
            Case(
                name: "a new text within a message",
                bytes: frame(1, Array("a".utf8), isFinal: false) + frame(1, Array("b".utf8)),
                expected: Expectation(close: 1002)),
            Case(
                name: "a new binary within a text",
                bytes: frame(1, Array("a".utf8), isFinal: false) + frame(2, [1]), expected: Expectation(close: 1002)),
            Case(
                name: "a frame larger than is accepted", bytes: [0x82, 0xFF, 0, 0, 0, 0, 0, 0x20, 0, 0, 1, 2, 3, 4],
                expected: Expectation(close: 1009)),
            Case(
                name: "a frame of 2^63 bytes",
                bytes: [0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4],
                expected: Expectation(close: 1009)),
            Case(
                name: "fragments that together are too large",
                bytes: frame(2, [UInt8](repeating: 0, count: 700_000), isFinal: false)
                    + frame(0, [UInt8](repeating: 0, count: 700_000)),
                expected: Expectation(close: 1009)),
        ]

    private static let encodings: [Case] =
        ([
            ("a lone continuation byte", [0x80]), ("an overlong slash", [0xC0, 0xAF]),
            ("overlong in three", [0xE0, 0x80, 0xAF]),
            ("overlong in four", [0xF0, 0x80, 0x80, 0xAF]), ("a high surrogate", [0xED, 0xA0, 0x80]),
            ("a low surrogate", [0xED, 0xBF, 0xBF]), ("beyond Unicode", [0xF4, 0x90, 0x80, 0x80]),
            ("0xFE", [0xFE]), ("0xFF", [0xFF]), ("a cut scalar", [0xE0, 0xA4]), ("a bad second byte", [0xC3, 0x28]),
            ("five bytes", [0xF8, 0x88, 0x80, 0x80, 0x80]), ("bad after ASCII", Array("abcdefgh".utf8) + [0xFF]),
        ] as [(String, [UInt8])]).flatMap { name, payload in
            [
                Case(name: "text with \(name)", bytes: frame(1, payload), expected: Expectation(close: 1007)),
                Case(
                    name: "fragmented text with \(name)",
                    bytes: frame(1, Array("ok".utf8), isFinal: false) + frame(0, payload),
                    expected: Expectation(close: 1007)),
            ]
        }
        + ([
            ("U+0000", [0]), ("U+007F", [0x7F]), ("U+0080", [0xC2, 0x80]), ("U+D7FF", [0xED, 0x9F, 0xBF]),
            ("U+E000", [0xEE, 0x80, 0x80]), ("U+FFFF", [0xEF, 0xBF, 0xBF]), ("U+10FFFF", [0xF4, 0x8F, 0xBF, 0xBF]),
        ] as [(String, [UInt8])]).map { name, payload in
            Case(
                name: "text with \(name), split within",
                bytes: frame(1, Array(payload.prefix(1)), isFinal: false)
                    + frame(0, Array(payload.dropFirst())),
                expected: Expectation(frames: [Received(opcode: 1, payload: payload)]))
        }

    /// A client's frame, masked.
    private static func frame(
        _ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, reserved: UInt8 = 0
    ) -> [UInt8] {
        let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        var bytes = [opcode | reserved | (isFinal ? 0x80 : 0)]
        switch payload.count {
        case ...125: bytes.append(0x80 | UInt8(payload.count))
        case ...65_535: bytes += [0xFE, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        default:
            bytes.append(0xFF)
            bytes += stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: payload.count >> $0) }
        }
        return bytes + key + payload.enumerated().map { $1 ^ key[$0 & 3] }
    }

    private func frame(_ opcode: UInt8, _ payload: [UInt8]) -> [UInt8] { Self.frame(opcode, payload) }
}

/// Reads a server's frames.
private struct FrameReader {
    private var bytes: [UInt8] = []
    private(set) var seen = RFC6455Tests.Expectation()
    /// Whether the close frame came, or the pong that marks the end.
    private(set) var isDone = false

    mutating func take(_ buffer: ByteBuffer) {
        bytes += buffer.readableBytesView
        while let (opcode, payload) = next() {
            switch opcode {
            case 0x8:
                seen.close = payload.count < 2 ? 0 : UInt16(payload[0]) << 8 | UInt16(payload[1])
                isDone = true
            case 0xA where payload == Array("end".utf8): isDone = true
            default: seen.frames.append(RFC6455Tests.Received(opcode: opcode, payload: payload))
            }
        }
    }

    private mutating func next() -> (UInt8, [UInt8])? {
        guard bytes.count >= 2 else { return nil }
        var length = Int(bytes[1] & 0x7F)
        var start = 2
        if length == 126 {
            guard bytes.count >= 4 else { return nil }
            (length, start) = (Int(bytes[2]) << 8 | Int(bytes[3]), 4)
        } else if length == 127 {
            guard bytes.count >= 10 else { return nil }
            (length, start) = (bytes[2..<10].reduce(0) { $0 << 8 | Int($1) }, 10)
        }
        guard bytes.count >= start + length else { return nil }
        let frame = (bytes[0] & 0x0F, Array(bytes[start..<start + length]))
        bytes.removeFirst(start + length)
        return frame
    }
}
