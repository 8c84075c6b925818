import ServiceLifecycle
import UnixSignals

/// Ctrl-C and SIGTERM, as the cancellation of what runs.
enum Interruption {
    /// Does the work; a signal cancels it, and it ends as cancelled work ends.
    static func cancelling(_ work: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await work()
                return true
            }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { break }
                return false
            }
            let finished = try await group.next() ?? true
            group.cancelAll()
            if !finished { _ = try await group.next() }
        }
    }
}
