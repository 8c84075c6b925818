import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// A TCP server on a free port that says whatever a test wants.
enum RawServer {
    typealias Script =
        @Sendable (NIOAsyncChannelInboundStream<ByteBuffer>, NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws ->
        Void

    /// Runs the body with the port; every connection runs the script and is closed after it.
    static func run<R: Sendable>(
        _ script: @escaping Script,
        body: @Sendable @escaping (Int) async throws -> R
    ) async throws -> R {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await withThrowingTaskGroup(of: R?.self) { group in
            group.addTask {
                try await withThrowingDiscardingTaskGroup { connections in
                    try await listener.executeThenClose { inbound in
                        for try await connection in inbound {
                            connections.addTask { try? await connection.executeThenClose(script) }
                        }
                    }
                }
                return nil
            }
            let result = try await body(listener.channel.localAddress?.port ?? 0)
            group.cancelAll()
            return result
        }
    }

    /// Reads an HTTP request's head.
    static func requestHead(
        _ iterator: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) async throws -> String {
        var head = ""
        while !head.contains("\r\n\r\n"), let bytes = try await iterator.next() { head += String(buffer: bytes) }
        return head
    }

    /// The 101 response that matches a request, with NIO's own arithmetic.
    static func switchingProtocols(to head: String, further: String = "") throws -> ByteBuffer {
        let key = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("sec-websocket-key:") }
        let value = key?.split(separator: ":", maxSplits: 1).last.map { $0.drop { $0 == " " } } ?? ""
        let channel = EmbeddedChannel()
        let upgrader = NIOTypedWebSocketServerUpgrader<Void>(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        )
        let headers = try upgrader.buildUpgradeResponse(
            channel: channel,
            upgradeRequest: HTTPRequestHead(
                version: .http1_1,
                method: .GET,
                uri: "/",
                headers: ["Sec-WebSocket-Key": String(value), "Sec-WebSocket-Version": "13"]
            ),
            initialResponseHeaders: [:]
        ).wait()
        let lines = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        return ByteBuffer(string: "HTTP/1.1 101 Switching Protocols\r\n\(lines)\(further)\r\n")
    }
}

/// A TCP client that says whatever a test wants.
enum RawClient {
    static func run<R: Sendable>(
        port: Int,
        _ body: (NIOAsyncChannelInboundStream<ByteBuffer>, NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws -> R
    ) async throws -> R {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { try await body($0, $1) }
    }

    static func upgradeRequest(path: String = "/ws", further: String = "") -> ByteBuffer {
        ByteBuffer(
            string: "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\(further)\r\n"
        )
    }
}
