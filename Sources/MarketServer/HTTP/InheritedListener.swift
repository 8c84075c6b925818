import NIOCore
import NIOPosix

/// Accepts connections from a listening socket that the service manager opened (socket activation), and hands them to the
/// channel of a server that listens elsewhere. Hummingbird binds its own address and cannot take over a socket.
enum InheritedListener {
    /// Starts to accept; ends with the server's channel.
    /// - Returns: The port of the socket; 0 for one without a port.
    static func listen(on descriptor: Int32, for server: any Channel) async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(HandOver(server: server))
                }
            }
            .withBoundSocket(descriptor)
            .get()
        server.closeFuture.whenComplete { _ in channel.close(promise: nil) }
        return channel.localAddress?.port ?? 0
    }

    /// Passes accepted connections to the pipeline of another listening channel, before they are registered.
    private final class HandOver: ChannelInboundHandler {
        typealias InboundIn = any Channel

        private let server: any Channel

        init(server: any Channel) { self.server = server }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let accepted = unwrapInboundIn(data)
            server.pipeline.fireChannelRead(accepted)
            server.pipeline.fireChannelReadComplete()
        }
    }
}
