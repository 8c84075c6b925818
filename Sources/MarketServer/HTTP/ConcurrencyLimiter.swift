import MarketData
import NIOCore
import Synchronization

/// Limits how many large requests run at once; others wait their turn, first come first served.
final class ConcurrencyLimiter: Sendable {
    private struct State {
        var free: Int
        var lastTicket = 0
        var waiting = CircularBuffer<(ticket: Int, turn: CheckedContinuation<Bool, Never>)>()
    }

    private let state: Mutex<State>
    private let patience: Duration

    /// A limiter for `places` requests at a time; a request waits for at most `patience`.
    init(places: Int, patience: Duration) {
        state = Mutex(State(free: max(1, places)))
        self.patience = patience
    }

    /// How many wait for their turn.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Runs an operation when it is its turn.
    /// - Throws: `MarketDataError` with code `overloaded` where that did not come in time; `CancellationError`.
    func run<Value: Sendable>(_ operation: @Sendable () async throws -> Value) async throws -> Value {
        guard try await enter() else {
            throw MarketDataError(
                .overloaded, "too many requests for past data are running; try again shortly")
        }
        defer { leave() }
        return try await operation()
    }

    private func enter() async throws -> Bool {
        try Task.checkCancellation()
        let ticket = state.withLock { state -> Int? in
            if state.free > 0 {
                state.free -= 1
                return nil
            }
            state.lastTicket += 1
            return state.lastTicket
        }
        guard let ticket else { return true }
        let isIn = await withTaskGroup(of: Bool?.self) { group in
            group.addTask { await self.turn(ticket) }
            group.addTask { [patience] in
                try? await Task.sleep(for: patience)
                return nil
            }
            // Whichever is first; then the other is cancelled, and only the result of `turn` counts.
            var isIn = await group.next() ?? nil
            group.cancelAll()
            while let word = await group.next() { isIn = isIn ?? word }
            return isIn ?? false
        }
        if Task.isCancelled {
            if isIn { leave() }
            throw CancellationError()
        }
        return isIn
    }

    /// Waits for a place; `false` when the task is cancelled first.
    private func turn(_ ticket: Int) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state -> Bool? in
                    if Task.isCancelled { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.waiting.append((ticket, continuation))
                    return nil
                }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            let turn = state.withLock { state in
                state.waiting.firstIndex { $0.ticket == ticket }.map { state.waiting.remove(at: $0).turn }
            }
            turn?.resume(returning: false)
        }
    }

    private func leave() {
        let next = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return CheckedContinuation<Bool, Never>?.none
            }
            return state.waiting.removeFirst().turn
        }
        next?.resume(returning: true)
    }
}
