public import MarketData

/// Why a site is left alone, and until when.
public struct Cooldown: Hashable, Sendable {
    /// What led to it.
    public enum Cause: String, Codable, Hashable, Sendable {
        /// The site does not want us: 403, 405, a captcha.
        case refused
        /// 429.
        case tooManyRequests
        /// It is down or cannot be read.
        case failed
        /// The day's allowance is used up.
        case quotaSpent = "allowanceSpent"
    }

    /// What led to it.
    public let cause: Cause
    /// In plain words, without the site's name.
    public let reason: String
    /// The first moment at which it may be asked again.
    public let until: Timestamp

    /// A stop from its parts.
    public init(cause: Cause, reason: String, until: Timestamp) {
        self.cause = cause
        self.reason = reason
        self.until = until
    }

    /// Whole seconds until then, at least one.
    public func secondsLeft(at now: Timestamp) -> Int {
        Int(max(1, (until.milliseconds - now.milliseconds + 999) / 1000))
    }

    /// The error of a question that was not asked. A site that is down stays `upstreamUnavailable`, so that whoever
    /// asks twice reads the same reason twice.
    public func error(of site: Site, at now: Timestamp) -> MarketDataError {
        let seconds = secondsLeft(at: now)
        return MarketDataError(
            cause == .failed ? .upstreamUnavailable : .throttled,
            "\(site.words) is not asked again for \(seconds) s: \(reason)",
            source: site.source,
            recovery: .retry(afterSeconds: seconds)
        )
    }
}
