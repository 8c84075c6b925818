/// How often live feeds speak, and how they wait.
public struct Pace: Sendable {
    /// The time between two ticks.
    public let interval: Duration
    let sleep: @Sendable (Duration) async throws -> Void

    /// A pace; once a second on the machine's clock, unless said otherwise.
    ///
    /// `sleep` throws when the waiting is cancelled.
    public init(
        every interval: Duration = .seconds(1),
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.interval = interval
        self.sleep = sleep
    }
}
