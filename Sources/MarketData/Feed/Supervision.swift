/// How one live subscription is doing.
public struct SubscriptionCondition: Hashable, Sendable {
    /// The present state.
    public enum State: String, CaseIterable, Sendable {
        /// It is being opened.
        case connecting
        /// The client is signing in.
        case signingIn
        /// Data arrives, or the market is closed.
        case live
        /// It is open and gives nothing, or old data, while its market is open.
        case stale
        /// It failed and is retried.
        case backingOff
        /// It failed permanently.
        case refused
        /// No reader is left.
        case stopped
    }

    /// The present state.
    public var state: State
    /// Since when.
    public var since: Timestamp
    /// Why, where the state is not the wanted one.
    public var reason: String?
    /// When it is tried again; `nil` if it is not waiting for that.
    public var nextTry: Timestamp?
    /// What failed last; `nil` if nothing did since it was live.
    public var error: MarketDataError?

    /// A condition from its parts.
    public init(
        state: State, since: Timestamp, reason: String? = nil, nextTry: Timestamp? = nil, error: MarketDataError? = nil
    ) {
        self.state = state
        self.since = since
        self.reason = reason
        self.nextTry = nextTry
        self.error = error
    }
}

/// Owns the state of one subscription, or of one connection, and decides when it is tried again.
///
/// A state machine without clock: `uptime` is any steady clock.
public struct Supervision: Sendable {
    /// The present state.
    public typealias State = SubscriptionCondition.State

    /// The present state.
    public private(set) var state = State.connecting
    /// Why, where the state is not the wanted one.
    public private(set) var reason: String?
    /// What failed last; `nil` if nothing did since it was live.
    public private(set) var error: MarketDataError?
    /// Since when it is in this state.
    public private(set) var since: Duration
    /// When it is tried again; set while it backs off.
    public private(set) var nextTry: Duration?
    /// Whether it was ever live.
    public private(set) var hadData = false
    private var liveSince: Duration?
    private var backoff: Backoff

    /// A subscription that is about to be opened.
    public init(backoff: Backoff = Backoff(), at uptime: Duration) {
        self.backoff = backoff
        since = uptime
    }

    /// The failures in a row.
    public var failures: Int { backoff.failures }

    /// Whether it waits for its next try, and the time has come.
    public func isDue(at uptime: Duration) -> Bool { nextTry.map { $0 <= uptime } ?? false }

    /// It is being opened, again or for the first time.
    public mutating func connecting(_ reason: String? = nil, at uptime: Duration) {
        enter(.connecting, reason ?? error?.message, at: uptime)
    }

    /// The client is signing in.
    public mutating func signingIn(at uptime: Duration) { enter(.signingIn, nil, at: uptime) }

    /// Data was received.
    public mutating func live(at uptime: Duration) {
        hadData = true
        error = nil
        if let liveSince, uptime - liveSince >= Backoff.steady { backoff.reset() }
        liveSince = liveSince ?? uptime
        enter(.live, nil, at: uptime)
    }

    /// It is open and gives nothing.
    public mutating func stale(_ reason: String, at uptime: Duration) { enter(.stale, reason, at: uptime) }

    /// It failed.
    /// - Returns: How long to wait before the next try; `nil` if the failure is permanent.
    public mutating func failed(
        _ error: MarketDataError, at uptime: Duration, using generator: inout some RandomNumberGenerator
    ) -> Duration? {
        self.error = error
        guard !error.endsSubscription(hadData: hadData) else {
            enter(.refused, error.message, at: uptime)
            return nil
        }
        if let liveSince, uptime - liveSince >= Backoff.steady { backoff.reset() }
        let wait = backoff.next(after: error, using: &generator)
        enter(.backingOff, error.message, at: uptime)
        nextTry = uptime + wait
        return wait
    }

    /// No reader is left.
    public mutating func stop(at uptime: Duration) { enter(.stopped, nil, at: uptime) }

    /// The condition in times of day.
    /// - Parameters:
    ///   - uptime: The steady clock now.
    ///   - now: The time of day now.
    public func condition(at uptime: Duration, now: Timestamp) -> SubscriptionCondition {
        func moment(_ time: Duration) -> Timestamp {
            Timestamp(milliseconds: now.milliseconds + Int64((time - uptime) / .milliseconds(1)))
        }
        return SubscriptionCondition(
            state: state, since: moment(since), reason: reason, nextTry: nextTry.map(moment), error: error)
    }

    private mutating func enter(_ state: State, _ reason: String?, at uptime: Duration) {
        if self.state != state { since = uptime }
        if state != .live { liveSince = nil }
        self.state = state
        self.reason = reason
        nextTry = nil
    }
}

/// How long to wait before what failed is tried again: not at all at first, then longer each time, never in step with
/// others.
public struct Backoff: Hashable, Sendable {
    /// A retry that fails sooner than this after working counts as one more failure in a row.
    public static let steady = Duration.seconds(10)

    /// The failures in a row.
    public private(set) var failures = 0
    private let longest: Double
    private static let first = 1.0
    /// The longest wait after a rate limit without a stated wait.
    private static let longestThrottled = 60.0

    /// A backoff without failures so far.
    /// - Parameter longest: The longest wait, unless the source requires more.
    public init(longest: Duration = .seconds(4)) { self.longest = longest / .seconds(1) }

    /// Counts a failure.
    /// - Returns: How long to wait; at least as long as the source requires.
    public mutating func next(
        after error: MarketDataError, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        defer { failures += 1 }
        let requested = error.retryAfterSeconds.map(Double.init) ?? 0
        guard failures > 0 || requested > 0 else { return .zero }
        let most = error.code == .throttled ? max(longest, Backoff.longestThrottled) : longest
        let full = min(most, Backoff.first * Double(1 << min(failures, 10)) / 2)
        return .seconds(requested + Double.random(in: full / 2...full, using: &generator))
    }

    /// The feed works, and has for a while.
    public mutating func reset() { failures = 0 }
}

extension MarketDataError {
    /// How long the source requests to wait, in seconds.
    public var retryAfterSeconds: Int? { if case .retry(let seconds) = recovery { seconds } else { nil } }

    /// Whether the failure ends a subscription: retrying cannot help.
    ///
    /// - Parameter hadData: Whether the subscription has had data. A symbol that had some and is reported as unknown is
    ///   the source's trouble, and passes.
    public func endsSubscription(hadData: Bool) -> Bool {
        guard recovery == .giveUp else { return false }
        switch code {
        case .symbolNotFound, .neverTraded, .upstreamUnreadable: return !hadData
        default: return true
        }
    }
}
