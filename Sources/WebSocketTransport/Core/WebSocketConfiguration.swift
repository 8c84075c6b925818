/// What a connection allows and how long it waits; the same on both sides.
public struct WebSocketConfiguration: Hashable, Sendable {
    /// The largest message, and the largest single frame, that is accepted, in bytes.
    public var maximumMessageSize: Int
    /// How long a close handshake may take before the connection is cut.
    public var closeTimeout: Duration
    /// How often a ping is sent; a peer that sends nothing for a whole interval after one is given up as timed out.
    /// `nil`: never.
    public var pingInterval: Duration?
    /// Reading from the socket stops above this many messages that nobody took.
    public var inboundHighWatermark: Int
    /// Reading begins again below this many.
    public var inboundLowWatermark: Int

    /// The limits; by default 32 MiB, 5 seconds, no pings.
    public init(
        maximumMessageSize: Int = 32 << 20,
        closeTimeout: Duration = .seconds(5),
        pingInterval: Duration? = nil,
        inboundHighWatermark: Int = 16,
        inboundLowWatermark: Int = 4
    ) {
        self.maximumMessageSize = maximumMessageSize
        self.closeTimeout = closeTimeout
        self.pingInterval = pingInterval
        self.inboundHighWatermark = inboundHighWatermark
        self.inboundLowWatermark = inboundLowWatermark
    }
}
