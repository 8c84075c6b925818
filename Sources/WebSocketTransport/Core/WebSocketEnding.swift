import Synchronization

/// How a connection ended: written once by the channel, read by the tasks.
final class WebSocketEnding: Sendable {
    private struct State {
        var failure: WebSocketError?
        var isKnown = false
        var wasReached = false
    }

    private let state = Mutex(State())

    /// Notes a normal end (`nil`) or a failure; the first note stands.
    func note(_ failure: WebSocketError?) {
        state.withLock {
            guard !$0.isKnown else { return }
            $0.isKnown = true
            $0.failure = failure
        }
    }

    /// Whether the connection has ended, or is closing.
    var isKnown: Bool { state.withLock { $0.isKnown } }

    /// Whether the iterating task has taken all messages.
    var wasReached: Bool { state.withLock { $0.wasReached } }

    /// The iterating task has taken all messages.
    func reach() { state.withLock { $0.wasReached = true } }

    /// Nothing after a normal end, or the failure.
    func conclude() throws(WebSocketError) -> WebSocketMessage? {
        let state = state.withLock { $0 }
        if let failure = state.failure { throw failure }
        return state.isKnown ? nil : try unannounced()
    }

    /// The error of a write that came too late.
    func errorOfWriting(_ underlying: (any Error)?) -> WebSocketError {
        let failure = state.withLock { $0.failure }
        return failure
            ?? WebSocketError(
                .closed(code: .abnormal, reason: ""),
                "The WebSocket connection is closed; nothing more can be sent.",
                underlying: underlying
            )
    }

    private func unannounced() throws(WebSocketError) -> WebSocketMessage? { throw .endedWithoutClose(nil) }
}

extension WebSocketError {
    static func endedWithoutClose(_ underlying: (any Error)?) -> WebSocketError {
        WebSocketError(
            .closed(code: .abnormal, reason: ""),
            "The connection ended without a WebSocket close frame.",
            underlying: underlying
        )
    }
}
