public import MarketData

/// How often a site may be requested, and how long the cooldowns after a refusal or a failure are.
public struct RateLimit: Hashable, Sendable {
    /// The least time between the start of two requests.
    public var gap: Duration
    /// How many requests an Indian day may see; `nil` for any number.
    public var dailyQuota: Int?
    /// How many failures in a row (5xx, time-out, no connection) stop the source.
    public var failuresBeforeCooldown: Int
    /// How many invalid responses in a row count as a failure.
    public var invalidBeforeFailure: Int
    /// How long to stay away after that many failures; it doubles with each further one.
    public var cooldownAfterFailure: Duration
    /// The longest that the doubling leads to.
    public var longestCooldown: Duration
    /// How long to stay away after a refusal.
    public var cooldownAfterRefusal: Duration
    /// How long to stay away after 429 without a Retry-After.
    public var cooldownAfterTooMany: Duration

    /// A rate limit; conservative by default.
    public init(
        gap: Duration = .milliseconds(500),
        dailyQuota: Int? = nil,
        failuresBeforeCooldown: Int = 1,
        invalidBeforeFailure: Int = 3,
        cooldownAfterFailure: Duration = .seconds(2),
        longestCooldown: Duration = .seconds(300),
        cooldownAfterRefusal: Duration = .seconds(1800),
        cooldownAfterTooMany: Duration = .seconds(60)
    ) {
        self.gap = gap
        self.dailyQuota = dailyQuota
        self.failuresBeforeCooldown = failuresBeforeCooldown
        self.invalidBeforeFailure = invalidBeforeFailure
        self.cooldownAfterFailure = cooldownAfterFailure
        self.longestCooldown = longestCooldown
        self.cooldownAfterRefusal = cooldownAfterRefusal
        self.cooldownAfterTooMany = cooldownAfterTooMany
    }
}
extension Duration {
    /// Rounded down.
    public var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}

/// Decides when a request may be sent: a gap between requests, a quota for the day, and a cooldown after a refusal.
///
/// It has no clock; times come in and decisions go out.
public struct RateLimitState: Hashable, Sendable {
    /// The outcome of a request.
    public enum Outcome: Hashable, Sendable {
        /// The site responded.
        case responded
        /// The response is invalid; only several in a row count as a failure of the site.
        case odd(String)
        /// The site rejected us: 403, 405, a captcha, a page.
        case refused(String)
        /// 429.
        case tooMany(String, retryAfterSeconds: Int?)
        /// 5xx, time-out, no connection.
        case failed(String, retryAfterSeconds: Int?)
    }

    /// Whether a request may be sent.
    public enum Permission: Hashable, Sendable {
        /// Now; it is counted.
        case granted
        /// After this long; request again then.
        case wait(milliseconds: Int64)
        /// Not before the cooldown is over.
        case stopped(Cooldown)
    }

    private let rateLimit: RateLimit
    private var oddInARow = 0
    /// The requests sent and their outcomes; the owner may save it to survive a restart.
    public var ledger: RequestLedger

    /// A state that continues a ledger.
    public init(_ rateLimit: RateLimit, ledger: RequestLedger = RequestLedger()) {
        self.rateLimit = rateLimit
        self.ledger = ledger
    }

    /// Requests permission to send a request; `granted` counts it as sent.
    public mutating func request(at now: Timestamp) -> Permission {
        if let stop = activeStop(at: now) { return .stopped(stop) }
        let wait = untilGapIsOver(at: now)
        guard wait == 0 else { return .wait(milliseconds: wait) }
        ledger.stop = nil
        ledger.count(at: now)
        return .granted
    }

    /// Records the outcome of a request. After a cooldown a single further failure starts a longer one.
    public mutating func finished(_ outcome: Outcome, at now: Timestamp) {
        switch outcome {
        case .responded:
            (ledger.failuresInARow, oddInARow) = (0, 0)
        case .odd(let reason):
            oddInARow += 1
            if oddInARow >= rateLimit.invalidBeforeFailure { fail(reason, retryAfterSeconds: nil, at: now) }
        case .refused(let reason):
            coolDown(.refused, reason, for: rateLimit.cooldownAfterRefusal.wholeMilliseconds, at: now)
        case .tooMany(let reason, let seconds):
            let pause = seconds.map { Int64($0) * 1000 } ?? rateLimit.cooldownAfterTooMany.wholeMilliseconds
            coolDown(.tooManyRequests, reason, for: pause, at: now)
        case .failed(let reason, let seconds):
            fail(reason, retryAfterSeconds: seconds, at: now)
        }
    }

    /// Why no request may be sent now; `nil` when one may.
    public func activeStop(at now: Timestamp) -> Cooldown? {
        if let stop = ledger.stop, now < stop.until { return stop }
        guard let quota = rateLimit.dailyQuota, ledger.spent(at: now) >= quota else { return nil }
        let tomorrow = IndianTime.date(now).advanced(byDays: 1)
        return Cooldown(
            cause: .quotaSpent,
            reason: "today's quota of \(quota) requests is used up",
            until: IndianTime.timestamp(tomorrow, ClockTime(secondsAfterMidnight: 0))
        )
    }

    /// How many requests are left in today's quota; `nil` without a quota.
    public func requestsLeft(at now: Timestamp) -> Int? {
        rateLimit.dailyQuota.map { max(0, $0 - ledger.spent(at: now)) }
    }

    /// A clock that was set back must not make us wait longer than one gap.
    private func untilGapIsOver(at now: Timestamp) -> Int64 {
        guard let lastRequest = ledger.lastRequest else { return 0 }
        let gap = rateLimit.gap.wholeMilliseconds
        return min(gap, max(0, lastRequest.milliseconds + gap - now.milliseconds))
    }

    private mutating func fail(_ reason: String, retryAfterSeconds: Int?, at now: Timestamp) {
        ledger.failuresInARow += 1
        let beyond = ledger.failuresInARow - rateLimit.failuresBeforeCooldown
        guard beyond >= 0 else { return }
        let usual = min(
            rateLimit.longestCooldown.wholeMilliseconds,
            rateLimit.cooldownAfterFailure.wholeMilliseconds << Int64(min(beyond, 20))
        )
        coolDown(.failed, reason, for: retryAfterSeconds.map { Int64($0) * 1000 } ?? usual, at: now)
    }

    private mutating func coolDown(_ cause: Cooldown.Cause, _ reason: String, for pause: Int64, at now: Timestamp) {
        ledger.stop = Cooldown(
            cause: cause, reason: reason, until: Timestamp(milliseconds: now.milliseconds + pause)
        )
    }
}

/// Why no request is sent to a site, and until when.
public struct Cooldown: Hashable, Sendable {
    /// What led to it.
    public enum Cause: String, Codable, Hashable, Sendable {
        /// The site rejected us: 403, 405, a captcha.
        case refused
        /// 429.
        case tooManyRequests
        /// It is down, or returns invalid data.
        case failed
        /// The day's quota is used up.
        case quotaSpent = "allowanceSpent"
    }

    /// What led to it.
    public let cause: Cause
    /// In plain words, without the site's name.
    public let reason: String
    /// When the cooldown ends.
    public let until: Timestamp

    /// A cooldown from its parts.
    public init(cause: Cause, reason: String, until: Timestamp) {
        self.cause = cause
        self.reason = reason
        self.until = until
    }

    /// Whole seconds until then, at least one.
    public func secondsLeft(at now: Timestamp) -> Int {
        Int(max(1, (until.milliseconds - now.milliseconds + 999) / 1000))
    }

    /// The error of a request that was not sent. A site that is down stays `upstreamUnavailable`, so that a second
    /// request reports the same reason.
    public func error(of site: Site, at now: Timestamp) -> MarketDataError {
        let seconds = secondsLeft(at: now)
        return MarketDataError(
            cause == .failed ? .upstreamUnavailable : .throttled,
            "\(site.displayName) is in cooldown for \(seconds) s: \(reason)",
            source: site.source,
            recovery: .retry(afterSeconds: seconds)
        )
    }
}
