import Synchronization

/// Shares one run of the same work among concurrent requests. It is cancelled when the last of them leaves.
final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Flight {
        let task: Task<Value, any Error>
        var requests: Set<Int> = []
    }

    private let state = Mutex<(flights: [Key: Flight], lastRequest: Int)>(([:], 0))

    /// The value, from the work that is under way, or from beginning it.
    func value(for key: Key, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try Task.checkCancellation()
        let (task, request) = join(key, work)
        return try await withTaskCancellationHandler {
            defer { leave(key, request) }
            return try await task.value
        } onCancel: {
            leave(key, request)
        }
    }

    private func join(
        _ key: Key, _ work: @escaping @Sendable () async throws -> Value
    ) -> (task: Task<Value, any Error>, request: Int) {
        state.withLock { state in
            state.lastRequest += 1
            // Not a child of the first request: it must outlive one that leaves while others wait.
            var flight = state.flights[key] ?? Flight(task: Task { try await work() })
            flight.requests.insert(state.lastRequest)
            state.flights[key] = flight
            return (flight.task, state.lastRequest)
        }
    }

    private func leave(_ key: Key, _ request: Int) {
        let abandoned = state.withLock { state -> Task<Value, any Error>? in
            guard state.flights[key]?.requests.remove(request) != nil, state.flights[key]?.requests.isEmpty == true
            else { return nil }
            return state.flights.removeValue(forKey: key)?.task
        }
        abandoned?.cancel()
    }
}
