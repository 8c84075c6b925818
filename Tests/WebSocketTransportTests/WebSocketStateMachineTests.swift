import NIOCore
import NIOWebSocket
import TestSupport
import Testing
import WebSocketTransport

@Suite("The state machine of the protocol")
struct WebSocketStateMachineTests {
    typealias Action = WebSocketStateMachine.Action

    /// Frames that one end receives, and the action after the last of them.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var role = WebSocketStateMachine.Role.client
        let frames: [Frame]
        let action: Action

        var testDescription: String { name }
    }

    struct Frame: Sendable {
        var opcode: WebSocketOpcode
        var payload: [UInt8] = []
        var isFinal = true
        var reserved: WebSocketFrame.ReservedBits = []
        var mask: WebSocketMaskingKey?

        var decoded: WebSocketFrame {
            var data = ByteBuffer(bytes: payload)
            if let mask { data.webSocketMask(mask) }
            var frame = WebSocketFrame(fin: isFinal, opcode: opcode, maskKey: mask, data: data)
            frame.reservedBits = reserved
            return frame
        }
    }

    static let cases: [Case] = [
        Case(
            name: "a text of one frame is delivered",
            frames: [Frame(opcode: .text, payload: Array("भाव".utf8))],
            action: .deliver(.text("भाव"))
        ),
        Case(name: "an empty text is delivered", frames: [Frame(opcode: .text)], action: .deliver(.text(""))),
        Case(
            name: "a binary message is delivered whatever its bytes",
            frames: [Frame(opcode: .binary, payload: [0xFF, 0xFE])],
            action: .deliver(.binary(ByteBuffer(bytes: [0xFF, 0xFE])))
        ),
        Case(
            name: "a server takes the mask away",
            role: .server,
            frames: [Frame(opcode: .text, payload: Array("nine bytes and more".utf8), mask: [9, 8, 7, 6])],
            action: .deliver(.text("nine bytes and more"))
        ),
        Case(
            name: "a server refuses a frame without a mask",
            role: .server,
            frames: [Frame(opcode: .text)],
            action: .fail(WebSocketClosure(1002, "a client's frame is not masked"))
        ),
        Case(
            name: "a client refuses a frame with a mask",
            frames: [Frame(opcode: .text, mask: [1, 2, 3, 4])],
            action: .fail(WebSocketClosure(1002, "a server's frame is masked"))
        ),
        Case(
            name: "continuation frames are put together, with a ping between, and a character cut in two",
            frames: [
                Frame(opcode: .text, payload: [0x68, 0xC3], isFinal: false), Frame(opcode: .ping),
                Frame(opcode: .continuation, payload: [0xA9], isFinal: false), Frame(opcode: .continuation),
            ],
            action: .deliver(.text("hé"))
        ),
        Case(
            name: "a ping gets a pong with its own payload",
            frames: [Frame(opcode: .ping, payload: [1, 2])],
            action: .sendPong(ByteBuffer(bytes: [1, 2]))
        ),
        Case(name: "an unrequested pong is ignored", frames: [Frame(opcode: .pong)], action: .none),
        Case(
            name: "a continuation of nothing is refused",
            frames: [Frame(opcode: .continuation)],
            action: .fail(WebSocketClosure(1002, "a continuation of no message"))
        ),
        Case(
            name: "a new message inside another is refused",
            frames: [Frame(opcode: .text, isFinal: false), Frame(opcode: .text)],
            action: .fail(WebSocketClosure(1002, "a new message before the last was finished"))
        ),
        Case(
            name: "reserved bits are refused, for no extension was agreed",
            frames: [Frame(opcode: .text, reserved: .rsv1)],
            action: .fail(WebSocketClosure(1002, "reserved bits are set"))
        ),
        Case(
            name: "an unknown kind of data frame is refused",
            frames: [Frame(opcode: WebSocketOpcode(encodedWebSocketOpcode: 3) ?? .text)],
            action: .fail(WebSocketClosure(1002, "an unknown kind of frame"))
        ),
        Case(
            name: "an unknown control frame is refused",
            frames: [Frame(opcode: WebSocketOpcode(encodedWebSocketOpcode: 11) ?? .text)],
            action: .fail(WebSocketClosure(1002, "an unknown control frame"))
        ),
        Case(
            name: "a control frame in pieces is refused",
            frames: [Frame(opcode: .ping, isFinal: false)],
            action: .fail(WebSocketClosure(1002, "a control frame is fragmented"))
        ),
        Case(
            name: "a control frame of 126 bytes is refused",
            frames: [Frame(opcode: .ping, payload: [UInt8](repeating: 0, count: 126))],
            action: .fail(WebSocketClosure(1002, "a control frame is longer than 125 bytes"))
        ),
        Case(
            name: "text that is not UTF-8 is refused with 1007",
            frames: [Frame(opcode: .text, payload: [0x68, 0xC3])],
            action: .fail(WebSocketClosure(1007, "text that is not UTF-8"))
        ),
        Case(
            name: "a message over the limit is refused with 1009, also when its pieces are small",
            frames: [
                Frame(opcode: .text, payload: [UInt8](repeating: 0x61, count: 60), isFinal: false),
                Frame(opcode: .continuation, payload: [UInt8](repeating: 0x61, count: 41)),
            ],
            action: .fail(WebSocketClosure(1009, "a message is larger than 100 bytes"))
        ),
        Case(
            name: "a close with code and reason gets its response",
            frames: [Frame(opcode: .connectionClose, payload: [0x03, 0xE9] + Array("bye".utf8))],
            action: .respondToClose(WebSocketClosure(1001, "bye"))
        ),
        Case(
            name: "a close without a code gets a response without one",
            frames: [Frame(opcode: .connectionClose)],
            action: .respondToClose(WebSocketClosure(1005))
        ),
        Case(
            name: "a close of one byte is refused",
            frames: [Frame(opcode: .connectionClose, payload: [3])],
            action: .fail(WebSocketClosure(1002, "a close frame with an invalid code"))
        ),
        Case(
            name: "a close with a code that may not be sent is refused",
            frames: [Frame(opcode: .connectionClose, payload: [0x03, 0xEE])],
            action: .fail(WebSocketClosure(1002, "a close frame with an invalid code"))
        ),
        Case(
            name: "a close whose reason is not UTF-8 is refused with 1007",
            frames: [Frame(opcode: .connectionClose, payload: [0x03, 0xE8, 0xFF])],
            action: .fail(WebSocketClosure(1007, "a close reason that is not UTF-8"))
        ),
        Case(
            name: "nothing counts after the peer's close",
            frames: [Frame(opcode: .connectionClose), Frame(opcode: .text)],
            action: .none
        ),
        Case(
            name: "nothing counts after a violation",
            frames: [Frame(opcode: .text, reserved: .rsv2), Frame(opcode: .ping)],
            action: .none
        ),
    ]

    @Test("every sequence of frames leads to its action", arguments: cases)
    func table(_ given: Case) {
        var machine = WebSocketStateMachine(role: given.role, maximumMessageSize: 100)
        var last = Action.none
        for frame in given.frames { last = machine.received(frame.decoded) }
        #expect(last == given.action)
    }

    @Test("after our close, messages and pings are dropped until the peer's close ends the handshake")
    func ourClose() {
        var machine = WebSocketStateMachine(role: .client, maximumMessageSize: 100)
        let sendsClose = machine.close()
        #expect(sendsClose)
        let sendsAnother = machine.close()
        #expect(!sendsAnother)
        #expect(machine.isClosing)
        #expect(machine.received(Frame(opcode: .text).decoded) == .none)
        #expect(machine.received(Frame(opcode: .ping).decoded) == .none)
        let close = Frame(opcode: .connectionClose, payload: [0x03, 0xE8]).decoded
        #expect(machine.received(close) == .finishClose(WebSocketClosure(1000)))
        #expect(machine.connectionEnded() == false)
    }

    @Test("a connection that ends is unexpected only while it was open")
    func connectionEnded() {
        var machine = WebSocketStateMachine(role: .client, maximumMessageSize: 100)
        let isUnexpected = machine.connectionEnded()
        #expect(isUnexpected)
        #expect(machine.connectionEnded() == false)
        var closing = WebSocketStateMachine(role: .client, maximumMessageSize: 100)
        _ = closing.close()
        #expect(closing.connectionEnded() == false)
    }

    @Test("text is validated as the standard library does, for random bytes and for every cut of a known text")
    func utf8() {
        var generator = SeededGenerator(seed: 7)
        let known = Array("a\u{7F}é\u{7FF}\u{800}भ\u{D7FF}\u{E000}\u{FFFF}𐀀😀\u{10FFFF} and eight more".utf8)
        var samples = known.indices.map { Array(known[$0...]) } + known.indices.map { Array(known[..<$0]) }
        samples += [
            [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE0, 0x9F, 0x80],
        ]
        for _ in 0..<5_000 {
            var sample = known
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                sample[Int.random(in: 0..<sample.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            samples.append(sample)
        }
        for sample in samples {
            var machine = WebSocketStateMachine(role: .client, maximumMessageSize: 100)
            let action = machine.received(Frame(opcode: .text, payload: sample).decoded)
            let isValid = String(validating: sample, as: UTF8.self) != nil
            #expect((action == .deliver(.text(ByteBuffer(bytes: sample)))) == isValid, "\(sample)")
        }
    }
}
