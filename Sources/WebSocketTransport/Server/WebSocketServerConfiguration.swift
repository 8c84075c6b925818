/// How a server treats connections that may become WebSockets.
public struct WebSocketServerConfiguration: Sendable {
    /// Limits, waits and pings of an upgraded connection.
    public var connection: WebSocketConfiguration
    /// How long a connection may be open before its first request is complete.
    public var firstRequestTimeout: Duration
    /// How long an ordinary HTTP connection may lie idle; `nil`: for ever.
    public var idleTimeout: Duration?
    /// How old an HTTP connection may become; the response after that is its last.
    public var lifetime: Duration = .seconds(3600)
    /// How long after a shutdown began a connection is cut, whatever is in flight.
    public var shutdownTimeout: Duration = .seconds(3)
    /// How many connections one client address may have, this machine's own aside; `nil`: any number.
    public var connectionsPerClient: Int?
    /// The certificate for TLS; `nil`: plain HTTP.
    public var certificate: ServerCertificate?
    /// The largest HTTP header, and the largest sum of headers, in bytes.
    public var maximumHeaderSize: Int
    /// Whether answers that say `Vary: Accept-Encoding` are compressed (gzip, deflate) for those who ask for that.
    public var compresses: Bool

    /// A configuration; by default 30 seconds for the first request, no idle limit, headers of 80 KiB, no compression.
    public init(
        connection: WebSocketConfiguration = WebSocketConfiguration(),
        firstRequestTimeout: Duration = .seconds(30),
        idleTimeout: Duration? = nil,
        maximumHeaderSize: Int = 80 << 10,
        compresses: Bool = false
    ) {
        self.connection = connection
        self.firstRequestTimeout = firstRequestTimeout
        self.idleTimeout = idleTimeout
        self.maximumHeaderSize = maximumHeaderSize
        self.compresses = compresses
    }
}
