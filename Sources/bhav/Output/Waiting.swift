/// Tells a person at a terminal that an answer is on its way, once it takes longer than a moment.
enum Waiting {
    /// Does the work; from the second second on a line on the terminal counts, and is wiped away at the end.
    static func forAnswer<Answer: Sendable>(
        _ words: String, _ work: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        guard Console.isTerminal else { return try await work() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for second in 1... {
                    try await Task.sleep(for: .seconds(1))
                    Console.write("\r\u{1B}[Kbhav: waiting for \(words), \(second) s")
                }
            }
            defer {
                group.cancelAll()
                Console.write("\r\u{1B}[K")
            }
            return try await work()
        }
    }
}
