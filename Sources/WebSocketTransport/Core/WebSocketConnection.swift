public import NIOCore
import NIOWebSocket
import Synchronization

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
        // NIO traps if the wrapper is released before the channel, as when a connect is cancelled at the last moment.
        channel.closeFuture.whenComplete { _ in withExtendedLifetime(asyncChannel) {} }
        self.channel = asyncChannel
        self.ending = ending
        self.backlog = backlog
    }

    /// Runs the body, then closes: with 1000 where it returned, at once where its task was cancelled.
    ///
    /// If it threw, a server waits for the peer to read the reason (1011); a client does not wait (1001).
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

/// What a connection allows and how long it waits; the same on both sides.
public struct WebSocketConfiguration: Hashable, Sendable {
    /// The largest message, and the largest single frame, that is accepted, in bytes.
    public var maximumMessageSize: Int
    /// How long a close handshake may take before the connection is cut.
    public var closeTimeout: Duration
    /// How often a ping is sent; a peer that sends nothing for a whole interval after one is dropped as timed out.
    /// `nil`: never.
    public var pingInterval: Duration?
    /// Reading from the socket stops above this number of unread messages.
    public var inboundHighWatermark: Int
    /// Reading begins again below this number.
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

/// One whole WebSocket message, however many frames carried it.
public enum WebSocketMessage: Hashable, Sendable {
    /// A text message; its bytes are valid UTF-8.
    case text(ByteBuffer)
    /// A binary message.
    case binary(ByteBuffer)

    /// A text message of `string`.
    public static func text(_ string: String) -> WebSocketMessage { .text(ByteBuffer(string: string)) }

    /// The bytes of either kind.
    public var bytes: ByteBuffer {
        switch self {
        case .text(let bytes), .binary(let bytes): bytes
        }
    }
}

/// The messages of a connection, in order; pings, pongs and closing are seen to beneath.
///
/// It ends when the peer closes with 1000, 1001 or without a code, and when this side closed. It throws
/// ``WebSocketError`` with `closed(code:reason:)` on every other close and, with 1006, when the connection ended
/// without a close frame. While messages are not read, reading from the socket stops. One task at a time may iterate; a
/// loop that was left can be followed by another.
public struct WebSocketInbound: AsyncSequence, Sendable {
    /// A message.
    public typealias Element = WebSocketMessage

    typealias Base = NIOAsyncChannelInboundStream<WebSocketEvent>

    // The iterator is a reference to NIO's lock-protected storage, which allows one taker at a time and no second
    // `makeAsyncIterator`; keeping the only one here lets one loop follow another.
    private nonisolated(unsafe) let base: Base.AsyncIterator
    private let ending: WebSocketEnding

    init(_ stream: Base, ending: WebSocketEnding) {
        base = stream.makeAsyncIterator()
        self.ending = ending
    }

    /// Takes messages from where the last iterator stopped.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: base, ending: ending) }

    /// Takes one message after another.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var base: Base.AsyncIterator
        let ending: WebSocketEnding

        /// The next message, or `nil` after a normal end; throws ``WebSocketError`` or `CancellationError`.
        public mutating func next() async throws -> WebSocketMessage? {
            try await next(isolation: nil)
        }

        /// The next message, or `nil` after a normal end; throws ``WebSocketError`` or `CancellationError`.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> WebSocketMessage? {
            if ending.wasReached { return try ending.conclude() }
            switch try await base.next(isolation: actor) {
            case .message(let message):
                return message
            case .ended:
                ending.reach()
                return try ending.conclude()
            case nil:
                try Task.checkCancellation()
                ending.reach()
                return try ending.conclude()
            }
        }
    }
}

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

    /// Sends a message in a number of continuation frames (at least one), which a peer must put together again.
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
    /// For broadcasts: a viewer that is not writable is skipped and later gets a message that it lagged. Returns whether the bytes
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

/// Bytes from tasks that have not reached the channel.
///
/// Until the event loop has seen them the channel still calls itself writable, and a fast writer would pile up megabytes.
final class WebSocketBacklog: Sendable {
    private static let limit = 64 << 10

    private let bytes = Atomic(0)

    /// Whether the channel's word about being writable is out of date.
    var isLarge: Bool { bytes.load(ordering: .relaxed) >= Self.limit }

    /// Bytes were handed over.
    func add(_ count: Int) { bytes.add(count, ordering: .relaxed) }

    /// Bytes reached the channel, or never will.
    func remove(_ count: Int) { bytes.subtract(count, ordering: .relaxed) }
}
