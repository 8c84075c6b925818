public import NIOCore

/// Sends on a connection; every task may use it.
///
/// Writing waits while the socket is not writable, so a peer that does not read holds the writer up instead of filling
/// memory. After the connection ended every write throws ``WebSocketError``.
public struct WebSocketOutbound: Sendable {
    let writer: NIOAsyncChannelOutboundWriter<WebSocketOutboundPart>
    let channel: any Channel
    let ending: WebSocketEnding
    let backlog: WebSocketBacklog

    /// Sends a message in one frame.
    public func write(_ message: WebSocketMessage) async throws {
        try await send(.message(message))
    }

    /// Sends a text message in one frame.
    public func write(text: String) async throws {
        try await send(.message(.text(text)))
    }

    /// Sends a message in this many continuation frames (at least one), which a peer must put together again.
    public func writeFragmented(_ message: WebSocketMessage, pieces: Int) async throws {
        try await send(.fragmented(message, pieces: pieces))
    }

    /// Sends a ping; at most 125 bytes of the payload are used.
    public func writePing(_ payload: ByteBuffer = ByteBuffer()) async throws {
        try await send(.ping(payload))
    }

    /// Sends bytes as they are: one or more whole server frames from ``encodeServerFrame(_:)``, or, in a test, anything.
    public func writeEncoded(_ frames: ByteBuffer) async throws {
        try await send(.encoded(frames))
    }

    /// Sends bytes as ``writeEncoded(_:)`` does where the socket is writable now, without waiting.
    ///
    /// For broadcasts: a viewer that is not writable is skipped and told later that it lagged. Returns whether the bytes
    /// were taken.
    public func writeEncodedIfWritable(_ frames: ByteBuffer) -> Bool {
        guard isWritable, !backlog.isLarge else { return false }
        backlog.add(frames.readableBytes)
        channel.writeAndFlush(WebSocketOutboundPart.encoded(frames), promise: nil)
        return true
    }

    /// Whether the socket would take bytes now.
    public var isWritable: Bool { channel.isActive && channel.isWritable }

    /// Begins the close handshake and waits for its end, at most the configured `closeTimeout`.
    ///
    /// A reason longer than the 123 bytes that a close frame can carry is shortened. Messages that arrive meanwhile are
    /// dropped. Throws `CancellationError` where the task is cancelled, after cutting the connection.
    public func close(code: WebSocketCloseCode = .normal, reason: String = "") async throws {
        let channel = channel
        channel.triggerUserOutboundEvent(WebSocketCloseRequest(code: code, reason: reason), promise: nil)
        await withTaskCancellationHandler {
            try? await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
        try Task.checkCancellation()
    }

    private func send(_ part: WebSocketOutboundPart) async throws {
        guard !ending.isKnown else { throw ending.errorOfWriting(nil) }
        if backlog.isLarge { try? await channel.eventLoop.submit {}.get() }
        backlog.add(part.byteCount)
        do {
            try await writer.write(part)
        } catch {
            backlog.remove(part.byteCount)
            throw error is CancellationError ? error : ending.errorOfWriting(error)
        }
    }
}
