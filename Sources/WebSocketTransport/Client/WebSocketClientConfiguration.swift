public import Foundation
public import NIOCore

/// How a client connects.
public struct WebSocketClientConfiguration: Sendable {
    /// Headers of the upgrade request (`Origin`, `User-Agent`, `Cookie`, ...), in this order.
    public var headers: [(String, String)]
    /// How long finding and reaching the host may take.
    public var connectTimeout: Duration
    /// How long TLS and the answer to the upgrade may take.
    public var upgradeTimeout: Duration
    /// Limits and waits of the connection once open.
    public var connection: WebSocketConfiguration
    /// Which authorities are trusted; by default the system's and those named in the environment.
    public var trust: WebSocketTrust
    /// The event loops to run on; by default the process's own.
    public var eventLoopGroup: (any EventLoopGroup)?
    /// The time of day, by which certificates and `Retry-After` dates are read.
    public var now: @Sendable () -> Date

    /// A configuration; by default 10 seconds to connect and 10 to upgrade.
    public init(
        headers: [(String, String)] = [],
        connectTimeout: Duration = .seconds(10),
        upgradeTimeout: Duration = .seconds(10),
        connection: WebSocketConfiguration = WebSocketConfiguration(),
        trust: WebSocketTrust = .environment(),
        eventLoopGroup: (any EventLoopGroup)? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.headers = headers
        self.connectTimeout = connectTimeout
        self.upgradeTimeout = upgradeTimeout
        self.connection = connection
        self.trust = trust
        self.eventLoopGroup = eventLoopGroup
        self.now = now
    }
}
