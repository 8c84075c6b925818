public import NIOCore
public import NIOWebSocket

/// The WebSocket protocol (RFC 6455) of one end of a connection: frames in, actions out; no sockets and no clock.
public struct WebSocketStateMachine: Sendable {
    /// Which end this is: clients mask what they send, servers do not.
    public enum Role: Sendable {
        case client
        case server
    }

    /// What is to be done after a frame.
    public enum Action: Hashable, Sendable {
        case none
        /// Hand this message to the application.
        case deliver(WebSocketMessage)
        /// Send a pong with this payload.
        case sendPong(ByteBuffer)
        /// The peer closes: send a close frame with this code (`noCode`: an empty one), then end the connection.
        case answerClose(WebSocketClosure)
        /// The peer answered our close: end the connection.
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
        return state == .closing ? .finishClose(closure) : .answerClose(closure)
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
