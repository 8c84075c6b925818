/// How long to wait before the next attempt to connect: nothing at first, then longer each time, never in step with
/// others.
struct ReconnectDelay {
    private(set) var failures = 0

    /// A connection that broke sooner counts as an attempt that failed: a server that lets everybody in and throws them
    /// out at once is not asked again without a pause.
    static let steady = Duration.seconds(10)

    private static let first = 1.0
    private static let longest = 60.0

    /// An attempt failed; the wait until the next one.
    /// - Parameter retryAfter: How long the server asked to be left alone, in seconds.
    mutating func afterFailure(
        retryAfter: Int? = nil, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        defer { failures += 1 }
        let asked = Double(retryAfter ?? 0)
        guard failures > 0 || asked > 0 else { return .zero }
        let full = min(Self.longest, Self.first * Double(1 << min(failures, 10)) / 2)
        let jittered = Double.random(in: full / 2...full, using: &generator)
        return .seconds(asked > 0 ? asked + jittered : jittered)
    }

    /// A connection has stood for a while.
    mutating func reset() { failures = 0 }
}
