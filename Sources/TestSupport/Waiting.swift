public import Testing

/// A condition that did not come to hold before its deadline.
public struct DeadlinePassed: Error, CustomStringConvertible {
    /// The awaited condition.
    public let description: String

    /// A wait that timed out.
    public init(description: String) { self.description = description }
}

/// Waits until a condition holds, looking every 5 ms.
/// - Parameters:
///   - what: The awaited condition, for the failure.
///   - limit: The deadline. Generous, since a busy machine is slow; a test passes as soon as the condition holds.
/// - Throws: `ExpectationFailedError` at the deadline, after recording the failure at the call; what the condition
///   throws.
public func waitUntil(
    _ what: Comment = "the condition holds", within limit: Duration = .seconds(15),
    sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        try #require(ContinuousClock.now < end, what, sourceLocation: sourceLocation)
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Runs a body that must end before a deadline.
/// - Throws: `DeadlinePassed`, or what the body throws.
public func within<Result: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask(operation: body)
        group.addTask {
            try await Task.sleep(for: limit)
            throw DeadlinePassed(description: "the body did not end within \(limit)")
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw CancellationError() }
        return first
    }
}
