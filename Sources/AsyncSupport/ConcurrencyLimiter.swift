import DequeModule
import Synchronization

/// Limits how many operations run at once; others wait for their turn, first come first served.
public final class ConcurrencyLimiter: Sendable {
    private struct State {
        var free: Int
        var lastTicket = 0
        /// How many have a ticket and neither a turn nor an error.
        var queued = 0
        var waiting = Deque<(ticket: Int, turn: CheckedContinuation<Bool, Never>)>()
    }

    private let state: Mutex<State>
    private let mostWaiting: Int
    private let patience: Duration?
    private let overloaded: any Error

    /// A limiter for `places` operations at a time.
    /// - Parameters:
    ///   - places: How many operations run at a time, at least 1.
    ///   - mostWaiting: How many may wait.
    ///   - patience: How long an operation waits at most; `nil` for no limit.
    ///   - overloaded: What is thrown where too many wait, or one waits too long.
    public init(places: Int, mostWaiting: Int = .max, patience: Duration? = nil, overloaded: any Error) {
        state = Mutex(State(free: max(1, places)))
        self.mostWaiting = mostWaiting
        self.patience = patience
        self.overloaded = overloaded
    }

    /// How many wait for their turn.
    public var waiting: Int { state.withLock { $0.queued } }

    /// Runs an operation when it is its turn.
    /// - Throws: What `operation` throws; as `enter`.
    public func run<Value: Sendable>(_ operation: @Sendable () async throws -> Value) async throws -> Value {
        try await enter()
        defer { leave() }
        return try await operation()
    }

    /// Waits for the turn; the caller then calls `leave`.
    /// - Throws: The error for an overload; `CancellationError`.
    public func enter() async throws {
        try Task.checkCancellation()
        let ticket = try state.withLock { state throws -> Int? in
            if state.free > 0 {
                state.free -= 1
                return nil
            }
            guard state.queued < mostWaiting else { throw overloaded }
            state.queued += 1
            state.lastTicket += 1
            return state.lastTicket
        }
        guard let ticket else { return }
        let isIn = await withTaskGroup(of: Bool.self) { group in
            group.addTask { await self.turn(ticket) }
            if let patience {
                group.addTask {
                    try? await Task.sleep(for: patience)
                    return false
                }
            }
            // The first to end ends the other; a turn that was given meanwhile counts.
            var isIn = await group.next() ?? false
            group.cancelAll()
            for await late in group where late { isIn = true }
            return isIn
        }
        state.withLock { $0.queued -= 1 }
        if Task.isCancelled {
            if isIn { leave() }
            throw CancellationError()
        }
        guard isIn else { throw overloaded }
    }

    /// Passes the turn to the next in line.
    public func leave() {
        let next = state.withLock { state in
            guard let next = state.waiting.popFirst() else {
                state.free += 1
                return CheckedContinuation<Bool, Never>?.none
            }
            return next.turn
        }
        next?.resume(returning: true)
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
}
