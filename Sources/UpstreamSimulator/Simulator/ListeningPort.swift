import Synchronization

/// The port a server listens on, for those who wait for it.
final class ListeningPort: Sendable {
    private enum State {
        case starting([CheckedContinuation<Int, any Error>])
        case listening(Int)
        case ended(any Error)
    }

    private let state = Mutex(State.starting([]))

    func begin(_ port: Int) {
        let waiting = state.withLock { state -> [CheckedContinuation<Int, any Error>] in
            guard case .starting(let waiting) = state else { return [] }
            state = .listening(port)
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: port) }
    }

    func end(_ error: any Error = CancellationError()) {
        let waiting = state.withLock { state -> [CheckedContinuation<Int, any Error>] in
            defer { state = .ended(error) }
            if case .starting(let waiting) = state { return waiting }
            return []
        }
        for continuation in waiting { continuation.resume(throwing: error) }
    }

    func port() async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in
            let known = state.withLock { state -> Result<Int, any Error>? in
                switch state {
                case .starting(let waiting):
                    state = .starting(waiting + [continuation])
                    return nil
                case .listening(let port): return .success(port)
                case .ended(let error): return .failure(error)
                }
            }
            if let known { continuation.resume(with: known) }
        }
    }
}
