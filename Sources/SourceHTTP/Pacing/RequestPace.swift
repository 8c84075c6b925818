/// How often a site may be asked, and how long it is left alone after it refused or failed.
public struct RequestPace: Hashable, Sendable {
    /// The least time between the start of two requests.
    public var gap: Duration
    /// How many requests an Indian day may see; `nil` for any number.
    public var dailyAllowance: Int?
    /// How many failures in a row (5xx, time-out, no connection) stop the source.
    public var failuresThatStop: Int
    /// How many answers in a row that could not be read count as a failure.
    public var oddAnswersThatStop: Int
    /// How long to stay away after that many failures; it doubles with each further one.
    public var pauseAfterFailure: Duration
    /// The longest that the doubling leads to.
    public var longestPauseAfterFailure: Duration
    /// How long to stay away after a refusal.
    public var pauseAfterRefusal: Duration
    /// How long to stay away after 429 without a Retry-After.
    public var pauseAfterTooMany: Duration

    /// A pace; careful, unless said otherwise.
    public init(
        gap: Duration = .milliseconds(500),
        dailyAllowance: Int? = nil,
        failuresThatStop: Int = 1,
        oddAnswersThatStop: Int = 3,
        pauseAfterFailure: Duration = .seconds(2),
        longestPauseAfterFailure: Duration = .seconds(300),
        pauseAfterRefusal: Duration = .seconds(1800),
        pauseAfterTooMany: Duration = .seconds(60)
    ) {
        self.gap = gap
        self.dailyAllowance = dailyAllowance
        self.failuresThatStop = failuresThatStop
        self.oddAnswersThatStop = oddAnswersThatStop
        self.pauseAfterFailure = pauseAfterFailure
        self.longestPauseAfterFailure = longestPauseAfterFailure
        self.pauseAfterRefusal = pauseAfterRefusal
        self.pauseAfterTooMany = pauseAfterTooMany
    }
}
