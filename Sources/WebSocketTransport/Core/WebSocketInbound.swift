import NIOCore

/// The messages of a connection, in order; pings, pongs and closing are seen to beneath.
///
/// It ends when the peer closes with 1000, 1001 or without a code, and when this side closed. It throws
/// ``WebSocketError`` with `closed(code:reason:)` on every other close and, with 1006, when the connection ended without
/// a close frame. While nobody takes messages, reading from the socket stops. One task at a time may iterate; a loop
/// that was left can be followed by another.
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
