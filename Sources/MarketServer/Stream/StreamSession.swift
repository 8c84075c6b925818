import MarketData
import NIOCore
import WebSocketTransport

/// The connection of a viewer's WebSocket.
final class SocketOutput: ViewerOutput {
    private let outbound: WebSocketOutbound
    private let channel: any Channel

    init(_ outbound: WebSocketOutbound, channel: any Channel) {
        self.outbound = outbound
        self.channel = channel
    }

    var isWritable: Bool { outbound.isWritable }

    var pendingBytes: Int { (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0 }

    func write(_ bytes: ByteBuffer) { _ = outbound.writeEncodedIfWritable(bytes) }

    func closeSlowClient() {
        // Closing waits for the client; the event loop does not.
        Task { [outbound] in try? await outbound.close(code: .policyViolation, reason: "client is reading too slowly") }
    }
}

/// Notices that a socket takes bytes again, and that it has closed.
private final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = Any

    private let isReady: () -> Void
    private let hasClosed: () -> Void

    init(isReady: @escaping () -> Void, hasClosed: @escaping () -> Void) {
        self.isReady = isReady
        self.hasClosed = hasClosed
    }

    func channelInactive(context: ChannelHandlerContext) {
        hasClosed()
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { isReady() }
        context.fireChannelWritabilityChanged()
    }
}

/// A viewer on its event loop, as the task that reads its commands knows it.
struct ConnectedViewer: Sendable {
    let broadcaster: Broadcaster
    let viewer: NIOLoopBound<Viewer>

    /// Adds the viewer of a WebSocket for as long as the body runs.
    static func with(
        _ outbound: WebSocketOutbound, channel: any Channel, _ broadcasters: Broadcasters,
        _ body: (ConnectedViewer) async throws -> Void
    ) async throws {
        let broadcaster = broadcasters.on(channel.eventLoop)
        let viewer = try await broadcaster.run { fanout in
            let viewer = Viewer(.webSocket, output: SocketOutput(outbound, channel: channel))
            guard channel.isActive else { throw ChannelError.alreadyClosed }
            // A closed connection never takes bytes again, so commands that wait for that are released here.
            let handler = ConnectionHandler { [weak fanout] in
                fanout?.isReady(viewer, at: .now)
            } hasClosed: {
                broadcaster.disconnect(viewer)
            }
            try channel.pipeline.syncOperations.addHandler(handler)
            broadcaster.connect(viewer)
            return NIOLoopBound(viewer, eventLoop: broadcaster.eventLoop)
        }
        let connected = ConnectedViewer(broadcaster: broadcaster, viewer: viewer)
        defer { connected.disconnect() }
        try await body(connected)
    }

    /// Runs a command on the event loop, then waits while the client does not read.
    func run(_ body: @escaping @Sendable (Viewer, Broadcaster, Fanout) -> Void) async throws {
        let isBehind = try await broadcaster.run { [broadcaster, viewer] fanout in
            // What a client sent before it left has no effect any more.
            guard !viewer.value.isClosed else { return false }
            body(viewer.value, broadcaster, fanout)
            return viewer.value.isBehind
        }
        if isBehind { try await broadcaster.caughtUp(viewer) }
    }

    /// Removes the viewer.
    func disconnect() {
        broadcaster.execute { [broadcaster, viewer] _ in broadcaster.disconnect(viewer.value) }
    }
}

/// One connection to `/v1/stream`.
struct StreamSession: Sendable {
    let streams: LiveStreams

    private var limits: MarketServerConfiguration.Limits { streams.limits }

    /// Serves the client until it disconnects or is too slow.
    func run(_ inbound: WebSocketInbound, _ outbound: WebSocketOutbound, channel: any Channel) async throws {
        try await ConnectedViewer.with(outbound, channel: channel, streams.broadcasters) { connected in
            for try await message in inbound {
                let command = Result { () throws(StreamCommand.Fault) in
                    try StreamCommand(message.bytes, symbolLimit: limits.symbols)
                }
                try await connected.run { viewer, broadcaster, fanout in
                    do throws(StreamCommand.Fault) {
                        switch try command.get() {
                        case .ping: fanout.send(message: StreamMessage.pong, to: viewer)
                        case .subscribe(let id, let request):
                            try admit(id, viewer)
                            streams.subscribe(viewer, id: id, to: request, broadcaster, fanout)
                        case .unsubscribe(let id):
                            guard let subscription = viewer.subscriptions.removeValue(forKey: id) else {
                                throw .init(id: id, error: .badRequest("there is no subscription '\(id)'"))
                            }
                            fanout.stop(subscription)
                            fanout.send(Frame("unsubscribed"), subscription)
                        }
                    } catch {
                        fanout.send(message: StreamMessage.error(error.error, id: error.id), to: viewer)
                    }
                }
            }
        }
    }

    private func admit(_ id: String, _ viewer: Viewer) throws(StreamCommand.Fault) {
        if viewer.subscriptions.count >= limits.subscriptions {
            viewer.subscriptions = viewer.subscriptions.filter { !$0.value.isOver }
        }
        if let subscription = viewer.subscriptions[id], !subscription.isOver {
            throw .init(id: id, error: .badRequest("there is already a subscription '\(id)'; unsubscribe it first"))
        }
        let count = viewer.subscriptions.count
        guard count < limits.subscriptions else {
            throw .init(
                id: id,
                error: MarketDataError(
                    .tooLarge, "this connection has \(count) subscriptions, the largest number allowed"))
        }
    }
}
