/// How often a site may be asked, and how long it is left alone after it refused or failed.
public struct RateLimit: Hashable, Sendable {
    /// The least time between the start of two requests.
    public var gap: Duration
    /// How many requests an Indian day may see; `nil` for any number.
    public var dailyQuota: Int?
    /// How many failures in a row (5xx, time-out, no connection) stop the source.
    public var failuresBeforeCooldown: Int
    /// How many answers in a row that could not be read count as a failure.
    public var invalidBeforeFailure: Int
    /// How long to stay away after that many failures; it doubles with each further one.
    public var cooldownAfterFailure: Duration
    /// The longest that the doubling leads to.
    public var longestCooldown: Duration
    /// How long to stay away after a refusal.
    public var cooldownAfterRefusal: Duration
    /// How long to stay away after 429 without a Retry-After.
    public var cooldownAfterTooMany: Duration

    /// A pace; careful, unless said otherwise.
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
