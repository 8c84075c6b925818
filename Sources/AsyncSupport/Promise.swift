import Synchronization

/// A value that is set once, from elsewhere; the first result counts.
public final class Promise<Value: Sendable>: Sendable {
    private struct State {
        var result: Result<Value, any Error>?
        var waiting: [Int: CheckedContinuation<Value, any Error>] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// An open promise.
    public init() {}

    /// Gives the result to those who wait; later results are ignored.
    public func complete(_ result: Result<Value, any Error>) {
        let waiting = state.withLock { state in
            guard state.result == nil else { return [Int: CheckedContinuation<Value, any Error>]() }
            state.result = result
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume(with: result) }
    }

    /// The value once it is there.
    /// - Throws: What the promise was failed with, or `CancellationError`.
    public func value() async throws -> Value {
        let ticket = state.withLock { state in
            state.next += 1
            return state.next
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let known = state.withLock { state -> Result<Value, any Error>? in
                    if let result = state.result { return result }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiting[ticket] = continuation
                    return nil
                }
                if let known { continuation.resume(with: known) }
            }
        } onCancel: {
            let continuation = state.withLock { $0.waiting.removeValue(forKey: ticket) }
            continuation?.resume(throwing: CancellationError())
        }
    }
}

/// The port that a server listens on, for those who wait for it.
public final class BoundPort: Sendable {
    private let promise = Promise<Int>()

    /// A server that does not listen yet.
    public init() {}

    /// The port, as soon as the server listens.
    /// - Throws: Why it will not listen; `CancellationError` where the waiting task is cancelled.
    public var value: Int {
        get async throws { try await promise.value() }
    }

    /// The server listens.
    public func resolve(_ port: Int) { promise.complete(.success(port)) }

    /// The server has ended; where it never listened, this is why.
    public func fail(_ error: any Error = CancellationError()) { promise.complete(.failure(error)) }
}
