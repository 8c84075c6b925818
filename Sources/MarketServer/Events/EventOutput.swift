import MarketData
import NIOCore
import Synchronization

/// The response of server-sent events: hands what the event loop writes to the task that sends the body.
final class EventOutput: ViewerOutput, Sendable {
    private struct State {
        var bytes = ByteBuffer()
        var reader: CheckedContinuation<ByteBuffer?, Never>?
        var isFinished = false
        var hasBegun = false
        var failure: MarketDataError?
        /// Whether the status of the response is not sent yet, so that a failure can still be one.
        var canRefuse = true
        var onReady: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// With more bytes than this waiting, it takes no more.
    static let capacity = 64 << 10

    var isWritable: Bool { state.withLock { $0.bytes.readableBytes < EventOutput.capacity } }

    var pendingBytes: Int { state.withLock { $0.bytes.readableBytes } }

    /// Sets what to do when bytes that waited were taken.
    func onReady(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.onReady = action } }

    func write(_ bytes: ByteBuffer) {
        let reader = state.withLock { state -> CheckedContinuation<ByteBuffer?, Never>? in
            state.hasBegun = true
            if let reader = state.reader.take() { return reader }
            state.bytes.writeImmutableBuffer(bytes)
            return nil
        }
        reader?.resume(returning: bytes)
    }

    /// The next bytes of the body; `nil` at the end, or when the task is cancelled.
    func next() async -> ByteBuffer? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (ready, onReady) = state.withLock { state -> (ByteBuffer??, (@Sendable () -> Void)?) in
                    if state.bytes.readableBytes > 0 {
                        let wasFull = state.bytes.readableBytes >= EventOutput.capacity
                        defer { state.bytes = ByteBuffer() }
                        return (.some(state.bytes), wasFull ? state.onReady : nil)
                    }
                    if state.isFinished || Task.isCancelled { return (.some(nil), nil) }
                    state.reader = continuation
                    return (nil, nil)
                }
                onReady?()
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            finish()
        }
    }

    /// Ends the body after what waits.
    func finish() {
        let reader = state.withLock { state in
            state.isFinished = true
            return state.reader.take()
        }
        reader?.resume(returning: nil)
    }

    func end() { finish() }

    func closeSlowClient() { finish() }

    func refuse(_ error: MarketDataError) -> Bool {
        state.withLock { state in
            guard state.canRefuse else { return false }
            state.failure = error
            state.isFinished = true
            return true
        }
    }

    /// The failure with which the subscription ended before its first message; `nil` if there is none within the limit,
    /// after which failures are messages.
    /// - Throws: `CancellationError`.
    func earlyFailure(within limit: Duration) async throws -> MarketDataError? {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            let (failure, hasBegun) = state.withLock { ($0.failure, $0.hasBegun || $0.isFinished) }
            if failure != nil || hasBegun { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        return state.withLock { state in
            state.canRefuse = false
            return state.failure
        }
    }
}
