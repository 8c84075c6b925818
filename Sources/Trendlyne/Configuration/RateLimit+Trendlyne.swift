public import SourceHTTP

extension RateLimit {
    /// How Trendlyne is asked. Its firewall counts requests rather than their rate: runs of some 160 were followed by
    /// refusals in a block, and slower pacing did not help. So there is an allowance for the day (one request a minute
    /// through the session is 385) beside the gap, and a refusal is left alone for half an hour.
    public static let trendlyne = RateLimit(gap: .milliseconds(500), dailyQuota: 400)
}
