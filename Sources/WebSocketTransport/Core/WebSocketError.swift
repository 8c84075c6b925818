/// Why a WebSocket could not be opened, or ended otherwise than normally.
public struct WebSocketError: Error, Sendable {
    /// The kinds of failure; equality is on these.
    public enum Code: Hashable, Sendable {
        /// The address is not a `ws:` or `wss:` URL.
        case invalidURL
        /// The host name has no address.
        case nameNotFound
        /// The host answered that nothing listens on that port.
        case connectionRefused
        /// The network gave no way to the host.
        case unreachable
        /// The TLS handshake failed; the message says why.
        case tlsFailed
        /// The server answered the upgrade with an ordinary HTTP status; see ``WebSocketError/refusal``.
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
    /// What was wrong, naming host and port where there are such.
    public let message: String
    /// The error beneath, where there was one.
    public let underlying: (any Error)?
    /// The HTTP answer, where the upgrade was refused.
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
