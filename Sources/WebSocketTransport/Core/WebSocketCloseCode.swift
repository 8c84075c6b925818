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
    /// A kind of data that cannot be accepted.
    public static let unacceptableData: WebSocketCloseCode = 1003
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
