import Synchronization

/// Why a WebSocket could not be opened, or ended otherwise than normally.
public struct WebSocketError: Error, Sendable {
    /// The kinds of failure; equality is on these.
    public enum Code: Hashable, Sendable {
        /// The address is not a `ws:` or `wss:` URL.
        case invalidURL
        /// The host name has no address.
        case nameNotFound
        /// The host reported that nothing listens on that port.
        case connectionRefused
        /// The network gave no way to the host.
        case unreachable
        /// The TLS handshake failed; the message says why.
        case tlsFailed
        /// The server responded to the upgrade with an ordinary HTTP status; see ``WebSocketError/refusal``.
        case upgradeRefused(status: Int)
        /// The peer closed with this code, or (1006) the connection ended without a close frame.
        case closed(code: WebSocketCloseCode, reason: String)
        /// A message exceeded the configured limit.
        case messageTooLarge
        /// The peer broke HTTP or the WebSocket protocol.
        case protocolViolation
        /// A deadline passed.
        case timedOut
    }

    /// The kind of failure.
    public let code: Code
    /// The reason, with host and port if any.
    public let message: String
    /// The error beneath, where there was one.
    public let underlying: (any Error)?
    /// The HTTP response, where the upgrade was refused.
    public let refusal: UpgradeRefusal?

    /// A failure.
    public init(
        _ code: Code,
        _ message: String,
        underlying: (any Error)? = nil,
        refusal: UpgradeRefusal? = nil
    ) {
        self.code = code
        self.message = message
        self.underlying = underlying
        self.refusal = refusal
    }
}

extension WebSocketError: CustomStringConvertible {
    /// The message, and the error beneath.
    public var description: String {
        underlying.map { "\(message) (\($0))" } ?? message
    }
}

/// Why a WebSocket connection was closed (RFC 6455, section 7.4).
public struct WebSocketCloseCode: RawRepresentable, Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// The number on the wire.
    public let rawValue: UInt16

    /// The close code with this number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The close code with this number.
    public init(integerLiteral value: UInt16) { rawValue = value }

    /// The purpose is fulfilled.
    public static let normal: WebSocketCloseCode = 1000
    /// A server shuts down or a page is left.
    public static let goingAway: WebSocketCloseCode = 1001
    /// The peer broke the protocol.
    public static let protocolError: WebSocketCloseCode = 1002
    /// Never on the wire: the close frame carried no code.
    public static let noCode: WebSocketCloseCode = 1005
    /// Never on the wire: the connection ended without a close frame.
    public static let abnormal: WebSocketCloseCode = 1006
    /// Data that contradicts its kind, such as text that is not UTF-8.
    public static let invalidData: WebSocketCloseCode = 1007
    /// A message that violates the endpoint's policy.
    public static let policyViolation: WebSocketCloseCode = 1008
    /// A message larger than the endpoint accepts.
    public static let messageTooLarge: WebSocketCloseCode = 1009
    /// The server met an unexpected condition.
    public static let serverError: WebSocketCloseCode = 1011
    /// The server is overloaded; connect again later (IANA registry).
    public static let tryAgainLater: WebSocketCloseCode = 1013

    /// Whether a close frame may carry this number (RFC 6455, section 7.4.2, and the IANA registry).
    public var isAllowedOnTheWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// Whether a peer that closes with this code ended normally.
    var isClean: Bool { self == .normal || self == .goingAway || self == .noCode }
}

extension WebSocketCloseCode: CustomStringConvertible {
    /// The number.
    public var description: String { String(rawValue) }
}

/// What a close frame said.
public struct WebSocketClosure: Hashable, Sendable {
    /// The code; 1005 where the frame carried none.
    public let code: WebSocketCloseCode
    /// The peer's words, often empty.
    public let reason: String

    /// A closure.
    public init(_ code: WebSocketCloseCode, _ reason: String = "") {
        self.code = code
        self.reason = reason
    }
}

/// How a connection ended: written once by the channel, read by the tasks.
final class WebSocketEnding: Sendable {
    private struct State {
        var failure: WebSocketError?
        var isKnown = false
        var wasReached = false
    }

    private let state = Mutex(State())

    /// Notes a normal end (`nil`) or a failure; the first note counts.
    func note(_ failure: WebSocketError?) {
        state.withLock {
            guard !$0.isKnown else { return }
            $0.isKnown = true
            $0.failure = failure
        }
    }

    /// Whether the connection has ended, or is closing.
    var isKnown: Bool { state.withLock { $0.isKnown } }

    /// Whether the iterating task has taken all messages.
    var wasReached: Bool { state.withLock { $0.wasReached } }

    /// The iterating task has taken all messages.
    func reach() { state.withLock { $0.wasReached = true } }

    /// Nothing after a normal end, or the failure.
    func conclude() throws(WebSocketError) -> WebSocketMessage? {
        let state = state.withLock { $0 }
        if let failure = state.failure { throw failure }
        return state.isKnown ? nil : try unannounced()
    }

    /// The error of a write after the end.
    func errorOfWriting(_ underlying: (any Error)?) -> WebSocketError {
        let failure = state.withLock { $0.failure }
        return failure
            ?? WebSocketError(
                .closed(code: .abnormal, reason: ""),
                "The WebSocket connection is closed; nothing more can be sent.",
                underlying: underlying
            )
    }

    private func unannounced() throws(WebSocketError) -> WebSocketMessage? { throw .endedWithoutClose(nil) }
}

extension WebSocketError {
    static func endedWithoutClose(_ underlying: (any Error)?) -> WebSocketError {
        WebSocketError(
            .closed(code: .abnormal, reason: ""),
            "The connection ended without a WebSocket close frame.",
            underlying: underlying
        )
    }
}
