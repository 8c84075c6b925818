import Synchronization

/// The port a server listens on, once it does.
final class BoundPort: Sendable {
    private struct State {
        var outcome: Result<Int, CancellationError>?
        var waiting: [Int: CheckedContinuation<Int, any Error>] = [:]
        var lastID = 0
    }

    private let state = Mutex(State())

    var value: Int {
        get async throws {
            let id = state.withLock { state in
                state.lastID += 1
                return state.lastID
            }
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    let ready = state.withLock { state -> Result<Int, CancellationError>? in
                        if Task.isCancelled { return .failure(CancellationError()) }
                        if state.outcome == nil { state.waiting[id] = continuation }
                        return state.outcome
                    }
                    if let ready { continuation.resume(with: ready) }
                }
            } onCancel: {
                let waiter = state.withLock { $0.waiting.removeValue(forKey: id) }
                waiter?.resume(throwing: CancellationError())
            }
        }
    }

    func resolve(_ port: Int) { finish(.success(port)) }

    /// The server has ended; who still waits would wait for ever.
    func giveUp() { finish(.failure(CancellationError())) }

    private func finish(_ outcome: Result<Int, CancellationError>) {
        let waiting = state.withLock { state in
            guard state.outcome == nil else { return [CheckedContinuation<Int, any Error>]() }
            state.outcome = outcome
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for waiter in waiting { waiter.resume(with: outcome) }
    }
}
