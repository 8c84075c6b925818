import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A TCP proxy on loopback that fails as networks do: it stalls, cuts, goes half-open, delays, refuses and corrupts.
final class FaultProxy: Sendable {
    private struct State {
        var isHeld = false
        var deadThrough = 0
        var isRefusing = false
        var delay = Duration.zero
        var piece: Int?
        var damage = Damage.none
        var lastID = 0
        var open: [Int: any Channel] = [:]
    }

    /// What happens to bytes on their way to the client.
    enum Damage: Sendable {
        case none
        /// One byte of each read is another.
        case flips
        /// Each read loses its last byte.
        case truncates
        /// A byte that belongs to no frame is put before each read.
        case inserts
    }

    private let state = Mutex(State())
    private let target: Int

    init(target: Int) { self.target = target }

    /// Nothing passes in either direction, and nothing is closed, until `resume()`.
    func hold() { state.withLock { $0.isHeld = true } }

    /// What was held passes on.
    func resume() { state.withLock { $0.isHeld = false } }

    /// The connections that are open carry nothing any more, for good; new ones are well.
    func abandonOpen() { state.withLock { $0.deadThrough = $0.lastID } }

    /// New connections are closed at once.
    func refuse(_ isRefusing: Bool) { state.withLock { $0.isRefusing = isRefusing } }

    func delay(by delay: Duration) { state.withLock { $0.delay = delay } }

    /// Bytes for the client are written in pieces so large, one each few milliseconds.
    func trickle(_ piece: Int?) { state.withLock { $0.piece = piece } }

    func damage(_ damage: Damage) { state.withLock { $0.damage = damage } }

    /// Every connection ends now.
    func cut() async {
        for channel in state.withLock({ Array($0.open.values) }) { channel.close(promise: nil) }
    }

    /// Every connection to the client ends now with a reset (RST): what was not yet read is lost.
    func reset() async {
        for channel in state.withLock({ Array($0.open.values) }) {
            guard let socket = channel as? any SocketOptionProvider else { continue }
            socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
        }
    }

    /// Listens while the body runs.
    static func withRunning<Result: Sendable>(
        target: Int, _ body: (FaultProxy, Int) async throws -> Result
    ) async throws -> Result {
        let proxy = FaultProxy(target: target)
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: false))
                }
            }
        let port = server.channel.localAddress?.port ?? 0
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try? await proxy.accept(server) }
            defer { tasks.cancelAll() }
            return try await body(proxy, port)
        }
    }

    private func accept(
        _ server: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>
    ) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await server.executeThenClose { connections in
                for try await client in connections {
                    group.addTask { try? await self.carry(client) }
                }
            }
        }
    }

    private func carry(_ client: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async throws {
        let id = state.withLock { state -> Int? in
            guard !state.isRefusing else { return nil }
            state.lastID += 1
            state.open[state.lastID] = client.channel
            return state.lastID
        }
        defer { if let id { state.withLock { $0.open[id] = nil } } }
        try await client.executeThenClose { fromClient, toClient in
            guard let id else { return }
            let upstream = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: target) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            try await upstream.executeThenClose { fromUpstream, toUpstream in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await self.pump(fromClient, toUpstream, id, isToClient: false) }
                    group.addTask { try await self.pump(fromUpstream, toClient, id, isToClient: true) }
                    // One side that ends ends the other.
                    defer { group.cancelAll() }
                    try await group.next()
                }
            }
        }
    }

    private func pump(
        _ input: NIOAsyncChannelInboundStream<ByteBuffer>, _ output: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        _ id: Int, isToClient: Bool
    ) async throws {
        for try await buffer in input {
            var now = state.withLock { $0 }
            while now.isHeld || id <= now.deadThrough {
                try await Task.sleep(for: .milliseconds(20))
                now = state.withLock { $0 }
            }
            if now.delay > .zero { try await Task.sleep(for: now.delay) }
            guard isToClient else {
                try await output.write(buffer)
                continue
            }
            var bytes = FaultProxy.damaged(buffer, now.damage)
            guard let piece = now.piece else {
                try await output.write(bytes)
                continue
            }
            while let slice = bytes.readSlice(length: min(piece, bytes.readableBytes)), slice.readableBytes > 0 {
                try await output.write(slice)
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    private static func damaged(_ buffer: ByteBuffer, _ damage: Damage) -> ByteBuffer {
        var buffer = buffer
        let middle = buffer.readerIndex + buffer.readableBytes / 2
        switch damage {
        case .none: return buffer
        case .flips:
            // The highest bit: a digit that became another one, or a comma, would be other valid data, and only TLS
            // detects that.
            if let byte = buffer.getInteger(at: middle, as: UInt8.self) { buffer.setInteger(byte ^ 0x80, at: middle) }
            return buffer
        case .truncates: return buffer.getSlice(at: buffer.readerIndex, length: buffer.readableBytes - 1) ?? buffer
        case .inserts:
            var longer = ByteBuffer(integer: UInt8(0xFF))
            longer.writeBuffer(&buffer)
            return longer
        }
    }
}
