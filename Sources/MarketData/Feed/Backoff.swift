/// How long to wait before what failed is tried again: not at all at first, then longer each time, never in step with
/// others.
public struct Backoff: Hashable, Sendable {
    /// What is tried again and fails sooner than this after it was well counts as one more failure in a row.
    public static let steady = Duration.seconds(10)

    /// The failures in a row.
    public private(set) var failures = 0
    private let longest: Double
    private static let first = 1.0
    /// Waits where the source asked for fewer requests without saying how long.
    private static let longestThrottled = 60.0

    /// A backoff without failures so far.
    /// - Parameter longest: The longest wait that the source did not ask for.
    public init(longest: Duration = .seconds(4)) { self.longest = longest / .seconds(1) }

    /// Counts a failure.
    /// - Returns: How long to wait; what the source asked for where it did.
    public mutating func next(
        after error: MarketDataError, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        defer { failures += 1 }
        let asked = error.retryAfterSeconds.map(Double.init) ?? 0
        guard failures > 0 || asked > 0 else { return .zero }
        let most = error.code == .throttled ? max(longest, Backoff.longestThrottled) : longest
        let full = min(most, Backoff.first * Double(1 << min(failures, 10)) / 2)
        return .seconds(asked + Double.random(in: full / 2...full, using: &generator))
    }

    /// All is well, and has been for a while.
    public mutating func reset() { failures = 0 }
}

extension MarketDataError {
    /// How long the source asked to be left alone.
    public var retryAfterSeconds: Int? { if case .retry(let seconds) = recovery { seconds } else { nil } }

    /// Whether the failure ends a subscription: asking again cannot help.
    ///
    /// - Parameter hadData: Whether the subscription has had data. A symbol that had some and is said not to exist is the
    ///   source's trouble, and passes.
    public func endsSubscription(hadData: Bool) -> Bool {
        guard recovery == .giveUp else { return false }
        switch code {
        case .symbolNotFound, .neverTraded, .upstreamUnreadable: return !hadData
        default: return true
        }
    }
}
