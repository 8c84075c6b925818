public import SourceHTTP

/// The address of Trendlyne and the rate limit; the defaults are the real address and a careful limit.
public struct TrendlyneConfiguration: Hashable, Sendable {
    /// Scheme, host and port; the paths are ours.
    public var baseURL: String
    /// The user agent. The site returns 403 to a request without one.
    public var userAgent: String
    /// The time that one query may take, with every request it needs and the wait for its turn.
    public var timeout: Duration
    /// The rate limit of requests to the site.
    public var rateLimit: RateLimit
    /// How long the response to the same query about the same minute is served from the cache, in the session.
    ///
    /// The source's values move every three to five minutes, and each request is taken from the daily quota.
    public var cacheLifetime: Duration
    /// The same while the market is closed, when the source repeats the closing picture.
    public var cacheLifetimeWhenClosed: Duration

    /// A configuration; the real Trendlyne, unless said otherwise.
    public init(
        baseURL: String = TrendlyneConfiguration.realBaseURL,
        userAgent: String = TrendlyneConfiguration.usualUserAgent,
        timeout: Duration = .seconds(15),
        rateLimit: RateLimit = .trendlyne,
        cacheLifetime: Duration = .seconds(30),
        cacheLifetimeWhenClosed: Duration = .seconds(600)
    ) {
        self.baseURL = baseURL
        self.userAgent = userAgent
        self.timeout = timeout
        self.rateLimit = rateLimit
        self.cacheLifetime = cacheLifetime
        self.cacheLifetimeWhenClosed = cacheLifetimeWhenClosed
    }

    /// The address of the real site.
    public static let realBaseURL = "https://smartoptions.trendlyne.com"

    /// A browser's name, which is the least that the site is known to want.
    public static let usualUserAgent =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
}

extension RateLimit {
    /// The rate limit for Trendlyne. Its firewall counts requests rather than their rate: runs of some 160 were
    /// followed by refusals in a block, and slower pacing did not help. So there is a quota for the day (one request
    /// a minute through the session is 385) beside the gap, and a refusal is left alone for half an hour.
    public static let trendlyne = RateLimit(gap: .milliseconds(500), dailyQuota: 400)
}
