import Synchronization

/// Puts a question once, however many ask it at the same time. The last asker to leave takes the question back.
final class SharedAnswers<Question: Hashable & Sendable, Answer: Sendable>: Sendable {
    private struct Entry {
        let task: Task<Answer, any Error>
        var askers: Set<Int>
    }

    private struct State {
        var entries: [Question: Entry] = [:]
        var lastAsker = 0
    }

    private let state = Mutex(State())

    /// The answer, from whoever asks already, or from asking.
    func answer(
        to question: Question, asking ask: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try Task.checkCancellation()
        let (task, asker) = join(question, ask)
        return try await withTaskCancellationHandler {
            defer { leave(question, asker) }
            return try await task.value
        } onCancel: {
            leave(question, asker)
        }
    }

    private func join(
        _ question: Question, _ ask: @escaping @Sendable () async throws -> Answer
    ) -> (task: Task<Answer, any Error>, asker: Int) {
        state.withLock { state in
            state.lastAsker += 1
            let asker = state.lastAsker
            if let task = state.entries[question]?.task {
                state.entries[question]?.askers.insert(asker)
                return (task, asker)
            }
            // Not a child of the first asker: it must outlive one who leaves while others wait.
            let task = Task { try await ask() }
            state.entries[question] = Entry(task: task, askers: [asker])
            return (task, asker)
        }
    }

    private func leave(_ question: Question, _ asker: Int) {
        let abandoned = state.withLock { state -> Task<Answer, any Error>? in
            guard state.entries[question]?.askers.remove(asker) != nil,
                state.entries[question]?.askers.isEmpty == true
            else { return nil }
            return state.entries.removeValue(forKey: question)?.task
        }
        abandoned?.cancel()
    }
}
