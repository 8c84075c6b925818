/// How often Trendlyne may be asked, and how long it is left alone after it refused or failed.
///
/// The site's firewall counts requests rather than their rate: runs of some 160 were followed by refusals in a block, and
/// slower pacing did not help. So there is an allowance for the day beside the gap between requests.
public struct RequestPace: Hashable, Sendable {
    /// The least time between the start of two requests.
    public var gap: Duration
    /// How many requests an Indian day may see; one a minute through the session is 385.
    public var dailyAllowance: Int
    /// How long to stay away after 403, 405, a captcha or a page where data should be.
    public var pauseAfterRefusal: Duration
    /// How long to stay away after 429 without a Retry-After.
    public var pauseAfterTooMany: Duration
    /// How long to stay away after a first failure (5xx, time-out, no connection); it doubles with each further one.
    public var pauseAfterFailure: Duration
    /// The longest that the doubling leads to.
    public var longestPauseAfterFailure: Duration

    /// A pace; careful, unless said otherwise.
    public init(
        gap: Duration = .milliseconds(500),
        dailyAllowance: Int = 400,
        pauseAfterRefusal: Duration = .seconds(1800),
        pauseAfterTooMany: Duration = .seconds(60),
        pauseAfterFailure: Duration = .seconds(2),
        longestPauseAfterFailure: Duration = .seconds(300)
    ) {
        self.gap = gap
        self.dailyAllowance = dailyAllowance
        self.pauseAfterRefusal = pauseAfterRefusal
        self.pauseAfterTooMany = pauseAfterTooMany
        self.pauseAfterFailure = pauseAfterFailure
        self.longestPauseAfterFailure = longestPauseAfterFailure
    }
}
