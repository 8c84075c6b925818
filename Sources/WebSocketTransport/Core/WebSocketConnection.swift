import NIOCore
import NIOWebSocket

/// An upgraded connection whose tasks have not begun.
struct WebSocketConnection: Sendable {
    let channel: NIOAsyncChannel<WebSocketEvent, WebSocketOutboundPart>
    let ending: WebSocketEnding
    let backlog: WebSocketBacklog

    /// Puts the WebSocket handlers on a channel whose HTTP handlers are gone; on its event loop.
    init(on channel: any Channel, role: WebSocketStateMachine.Role, configuration: WebSocketConfiguration) throws {
        let ending = WebSocketEnding()
        let backlog = WebSocketBacklog()
        let pipeline = channel.pipeline.syncOperations
        // WebSocket has no half-closed state, and with one NIOSSL waits out its shutdown timeout at every close.
        try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
        let limit = min(configuration.maximumMessageSize, Int(UInt32.max))
        try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limit)))
        try pipeline.addHandler(
            WebSocketChannelHandler(role: role, configuration: configuration, ending: ending, backlog: backlog))
        let asyncChannel = try NIOAsyncChannel<WebSocketEvent, WebSocketOutboundPart>(
            wrappingChannelSynchronously: channel,
            configuration: .init(
                backPressureStrategy: .init(
                    lowWatermark: configuration.inboundLowWatermark,
                    highWatermark: configuration.inboundHighWatermark
                ),
                isOutboundHalfClosureEnabled: false
            )
        )
        // NIO traps where the wrapper goes before the channel does, as when a connect is cancelled at the last moment.
        channel.closeFuture.whenComplete { _ in withExtendedLifetime(asyncChannel) {} }
        self.channel = asyncChannel
        self.ending = ending
        self.backlog = backlog
    }

    /// Runs the body, then closes: with 1000 where it returned, at once where its task was cancelled.
    ///
    /// Where it threw, a server waits for the peer to read why (1011); a client goes on without waiting (1001).
    func run<R: Sendable>(
        role: WebSocketStateMachine.Role,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (WebSocketInbound, WebSocketOutbound) async throws -> R
    ) async throws -> R {
        try await channel.executeThenClose(isolation: isolation) { stream, writer in
            let inbound = WebSocketInbound(stream, ending: ending)
            let outbound = WebSocketOutbound(
                writer: writer,
                channel: channel.channel,
                ending: ending,
                backlog: backlog
            )
            do {
                let result = try await body(inbound, outbound)
                try? await outbound.close()
                return result
            } catch {
                if role == .server, !(error is CancellationError) {
                    try? await outbound.close(code: .serverError)
                } else {
                    let request = WebSocketCloseRequest(code: .goingAway, reason: "")
                    try? await channel.channel.triggerUserOutboundEvent(request).get()
                }
                throw error
            }
        }
    }
}
