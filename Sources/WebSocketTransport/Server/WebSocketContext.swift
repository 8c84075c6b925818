public import HTTPTypes
public import Logging
public import NIOCore
import NIOSSL

/// What a server's handler knows about its connection.
public struct WebSocketContext: Sendable {
    /// The head of the request that asked for the upgrade.
    public let request: HTTPRequest
    /// The socket beneath, for its addresses and options; write through the outbound, not through this.
    public let channel: any Channel
    /// The server's logger.
    public let logger: Logger

    /// Cuts the connection without a close frame and without TLS's farewell, by a TCP reset where the channel is a socket.
    public func reset() async {
        // The C struct linger: switched on, zero seconds.
        let linger = (Int32(1), Int32(0))
        let options = channel as? any SocketOptionProvider
        try? await options?.unsafeSetSocketOption(level: .socket, name: .so_linger, value: linger).get()
        try? await cut()
    }

    /// Cuts the connection without a close frame and without TLS's farewell: the peer sees the stream end.
    public func cut() async throws {
        let pipeline = channel.pipeline
        try await channel.eventLoop.flatSubmit {
            // A close asked of the TLS handler's own context passes TLS by.
            let below = try? pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self)
            return below?.close() ?? pipeline.close(mode: .all)
        }.get()
    }
}
