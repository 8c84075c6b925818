import Synchronization

/// Shares one run of the same work among concurrent requests. It is cancelled when the last of them leaves.
final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        let task: Task<Value, any Error>
        var askers: Set<Int>
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var lastAsker = 0
    }

    private let state = Mutex(State())

    /// The value, from the work that is under way, or from beginning it.
    func value(for key: Key, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try Task.checkCancellation()
        let (task, asker) = join(key, work)
        return try await withTaskCancellationHandler {
            defer { leave(key, asker) }
            return try await task.value
        } onCancel: {
            leave(key, asker)
        }
    }

    private func join(
        _ key: Key, _ work: @escaping @Sendable () async throws -> Value
    ) -> (task: Task<Value, any Error>, asker: Int) {
        state.withLock { state in
            state.lastAsker += 1
            let asker = state.lastAsker
            if let task = state.entries[key]?.task {
                state.entries[key]?.askers.insert(asker)
                return (task, asker)
            }
            // Not a child of the first asker: it must outlive one who leaves while others wait.
            let task = Task { try await work() }
            state.entries[key] = Entry(task: task, askers: [asker])
            return (task, asker)
        }
    }

    private func leave(_ key: Key, _ asker: Int) {
        let abandoned = state.withLock { state -> Task<Value, any Error>? in
            guard state.entries[key]?.askers.remove(asker) != nil,
                state.entries[key]?.askers.isEmpty == true
            else { return nil }
            return state.entries.removeValue(forKey: key)?.task
        }
        abandoned?.cancel()
    }
}
