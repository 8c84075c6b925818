public import NIOCore
public import NIOWebSocket

/// The WebSocket protocol (RFC 6455) of one end of a connection: frames in, actions out; no sockets and no clock.
public struct WebSocketStateMachine: Sendable {
    /// Which end this is: clients mask what they send, servers do not.
    public enum Role: Sendable {
        case client
        case server
    }

    /// The action after a frame.
    public enum Action: Hashable, Sendable {
        case none
        /// Hand this message to the application.
        case deliver(WebSocketMessage)
        /// Send a pong with this payload.
        case sendPong(ByteBuffer)
        /// The peer closes: send a close frame with this code (`noCode`: an empty one), then end the connection.
        case respondToClose(WebSocketClosure)
        /// The peer responded to our close: end the connection.
        case finishClose(WebSocketClosure)
        /// The peer broke the rules: send a close frame with this code, then end the connection.
        case fail(WebSocketClosure)
    }

    private enum State {
        case open
        /// Our close frame is sent, the peer's is awaited.
        case closing
        case closed
    }

    private let role: Role
    private let maximumMessageSize: Int
    private var state = State.open
    private var unfinished: (opcode: WebSocketOpcode, bytes: ByteBuffer)?

    /// A freshly upgraded connection; `maximumMessageSize` in bytes.
    public init(role: Role, maximumMessageSize: Int) {
        self.role = role
        self.maximumMessageSize = maximumMessageSize
    }

    /// Whether our close frame is sent and the peer's awaited.
    public var isClosing: Bool { state == .closing }

    /// Whether frames may still be sent.
    public var isOpen: Bool { state == .open }

    /// A frame arrived.
    public mutating func received(_ frame: WebSocketFrame) -> Action {
        guard state != .closed else { return .none }
        guard frame.reservedBits.isEmpty else { return fail(.protocolError, "reserved bits are set") }
        guard (frame.maskKey != nil) == (role == .server) else {
            return fail(
                .protocolError, role == .server ? "a client's frame is not masked" : "a server's frame is masked")
        }
        var payload = frame.data
        if let key = frame.maskKey { payload.applyMask(key) }
        return frame.opcode.isControlOpcode
            ? receivedControl(frame.opcode, isFinal: frame.fin, payload)
            : receivedData(frame.opcode, isFinal: frame.fin, payload)
    }

    /// A frame arrived that could not be decoded.
    public mutating func received(_ malformed: NIOWebSocketError) -> Action {
        switch malformed {
        case .invalidFrameLength: fail(.messageTooLarge, tooLarge)
        case .fragmentedControlFrame: fail(.protocolError, "a control frame is fragmented")
        case .multiByteControlFrameLength: fail(.protocolError, "a control frame is longer than 125 bytes")
        }
    }

    /// This side closes; returns whether a close frame is to be sent.
    public mutating func close() -> Bool {
        guard state == .open else { return false }
        state = .closing
        unfinished = nil
        return true
    }

    /// The connection ended; returns whether that came before the close handshake was complete.
    public mutating func connectionEnded() -> Bool {
        defer { state = .closed }
        return state == .open
    }

    private mutating func receivedControl(
        _ opcode: WebSocketOpcode,
        isFinal: Bool,
        _ payload: ByteBuffer
    ) -> Action {
        guard isFinal else { return received(NIOWebSocketError.fragmentedControlFrame) }
        guard payload.readableBytes <= 125 else { return received(NIOWebSocketError.multiByteControlFrameLength) }
        switch opcode {
        case .ping: return state == .open ? .sendPong(payload) : .none
        case .pong: return .none
        case .connectionClose: return receivedClose(payload)
        default: return fail(.protocolError, "an unknown control frame")
        }
    }

    private mutating func receivedClose(_ payload: ByteBuffer) -> Action {
        var payload = payload
        var closure = WebSocketClosure(.noCode)
        if payload.readableBytes > 0 {
            guard let code = payload.readInteger(as: UInt16.self).map(WebSocketCloseCode.init(rawValue:)),
                code.isAllowedOnTheWire
            else { return fail(.protocolError, "a close frame with an invalid code") }
            guard payload.isValidUTF8 else { return fail(.invalidData, "a close reason that is not UTF-8") }
            closure = WebSocketClosure(code, String(buffer: payload))
        }
        defer { state = .closed }
        return state == .closing ? .finishClose(closure) : .respondToClose(closure)
    }

    private mutating func receivedData(_ opcode: WebSocketOpcode, isFinal: Bool, _ payload: ByteBuffer) -> Action {
        guard state == .open else { return .none }
        let soFar = unfinished?.bytes.readableBytes ?? 0
        guard payload.readableBytes <= maximumMessageSize - soFar else { return fail(.messageTooLarge, tooLarge) }
        switch (opcode, unfinished == nil) {
        case (.text, true), (.binary, true):
            if isFinal { return deliver(opcode, payload) }
            unfinished = (opcode, payload)
            return .none
        case (.continuation, false):
            unfinished?.bytes.writeImmutableBuffer(payload)
            guard isFinal, let whole = unfinished else { return .none }
            unfinished = nil
            return deliver(whole.opcode, whole.bytes)
        case (.continuation, true):
            return fail(.protocolError, "a continuation of no message")
        case (.text, false), (.binary, false):
            return fail(.protocolError, "a new message before the last was finished")
        default:
            return fail(.protocolError, "an unknown kind of frame")
        }
    }

    private mutating func deliver(_ opcode: WebSocketOpcode, _ bytes: ByteBuffer) -> Action {
        guard opcode == .text else { return .deliver(.binary(bytes)) }
        return bytes.isValidUTF8 ? .deliver(.text(bytes)) : fail(.invalidData, "text that is not UTF-8")
    }

    private mutating func fail(_ code: WebSocketCloseCode, _ reason: String) -> Action {
        defer {
            state = .closed
            unfinished = nil
        }
        switch state {
        case .open: return .fail(WebSocketClosure(code, reason))
        case .closing: return .finishClose(WebSocketClosure(.abnormal, reason))
        case .closed: return .none
        }
    }

    private var tooLarge: String { "a message is larger than \(maximumMessageSize) bytes" }
}

extension WebSocketOutbound {
    /// A whole server frame of a text message, to be encoded once and shared by all viewers.
    public static func encodeServerFrame(text: String) -> ByteBuffer {
        encodeServerFrame(.text(text))
    }

    /// A whole server frame of a text message whose bytes are UTF-8.
    public static func encodeServerFrame(text: ByteBuffer) -> ByteBuffer {
        encodeServerFrame(.text(text))
    }

    /// A whole server frame (unmasked, final) of a message.
    public static func encodeServerFrame(_ message: WebSocketMessage) -> ByteBuffer {
        let payload = message.bytes
        var frame = ByteBuffer()
        frame.reserveCapacity(payload.readableBytes + 10)
        frame.writeFrameHead(opcode: message.opcode, isFinal: true, length: payload.readableBytes, mask: nil)
        frame.writeImmutableBuffer(payload)
        return frame
    }
}

extension WebSocketMessage {
    var opcode: WebSocketOpcode {
        switch self {
        case .text: .text
        case .binary: .binary
        }
    }
}

extension ByteBuffer {
    /// Writes what precedes a frame's payload (RFC 6455, section 5.2).
    mutating func writeFrameHead(opcode: WebSocketOpcode, isFinal: Bool, length: Int, mask: WebSocketMaskingKey?) {
        writeInteger(UInt8(webSocketOpcode: opcode) | (isFinal ? 0x80 : 0))
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        switch length {
        case ...125:
            writeInteger(UInt8(length) | maskBit)
        case ...Int(UInt16.max):
            writeInteger(126 | maskBit)
            writeInteger(UInt16(length))
        default:
            writeInteger(127 | maskBit)
            writeInteger(UInt64(length))
        }
        if let mask { writeBytes(mask) }
    }

    /// Applies, or takes away, a client's mask: every byte XOR one of the key's four, eight bytes at a time.
    mutating func applyMask(_ key: WebSocketMaskingKey) {
        let bytes = (key[0], key[1], key[2], key[3])
        let word = withUnsafeBytes(of: (bytes, bytes)) { $0.loadUnaligned(as: UInt64.self) }
        withUnsafeMutableReadableBytes { payload in
            let whole = payload.count & ~7
            for offset in stride(from: 0, to: whole, by: 8) {
                let masked = payload.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ word
                payload.storeBytes(of: masked, toByteOffset: offset, as: UInt64.self)
            }
            for offset in whole..<payload.count { payload[offset] ^= key[offset & 3] }
        }
    }
}

extension ByteBuffer {
    /// Whether the readable bytes are well-formed UTF-8 (Unicode, table 3-7); ASCII passes eight bytes at a time.
    var isValidUTF8: Bool {
        withUnsafeReadableBytes { bytes in
            var index = 0
            while index < bytes.count {
                if index + 8 <= bytes.count,
                    bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
                {
                    index += 8
                    continue
                }
                guard let length = Self.lengthOfScalar(in: bytes, at: index) else { return false }
                index += length
            }
            return true
        }
    }

    /// How many bytes the scalar at `index` takes, or `nil` where there is none.
    private static func lengthOfScalar(in bytes: UnsafeRawBufferPointer, at index: Int) -> Int? {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch bytes[index] {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: return nil
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return nil }
        for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 { return nil }
        return length
    }
}
