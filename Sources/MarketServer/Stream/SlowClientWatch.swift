import Synchronization

/// Notices a client that does not take its messages.
final class SlowClientWatch: Sendable {
    private struct State {
        var waiting = 0
        var lastProgress = ContinuousClock.now
    }

    private let state = Mutex(State())
    private let limit: Duration

    init(limit: Duration) { self.limit = limit }

    /// A write during which the client is watched.
    func watching<Result>(_ write: () async throws -> Result) async throws -> Result {
        state.withLock { state in
            if state.waiting == 0 { state.lastProgress = .now }
            state.waiting += 1
        }
        defer {
            state.withLock { state in
                state.waiting -= 1
                state.lastProgress = .now
            }
        }
        return try await write()
    }

    /// Returns once no message was taken for the whole limit, though some wait.
    /// - Throws: `CancellationError`.
    func untilTooSlow() async throws {
        while true {
            try await Task.sleep(for: limit / 4)
            let isSlow = state.withLock { $0.waiting > 0 && .now - $0.lastProgress > limit }
            if isSlow { return }
        }
    }
}
