import MarketData

/// Why the source is left alone, and until when.
struct SourceStop: Hashable, Sendable {
    /// What led to it.
    enum Cause: Hashable, Sendable {
        case refused, tooManyRequests, failed
    }

    let cause: Cause
    /// In plain words, without the source's name.
    let reason: String
    /// The first moment at which it may be asked again.
    let until: Timestamp

    /// Whole seconds until then, at least one.
    func secondsLeft(at now: Timestamp) -> Int {
        Int(max(1, (until.milliseconds - now.milliseconds + 999) / 1000))
    }

    /// The error of a question that was not asked. A site that is down stays `upstreamUnavailable`, so that whoever
    /// asks twice reads the same reason twice.
    func error(host: String, at now: Timestamp) -> MarketDataError {
        let seconds = secondsLeft(at: now)
        return MarketDataError(
            cause == .failed ? .upstreamUnavailable : .throttled,
            "NSE (\(host)) is not asked again for \(seconds) s: \(reason)",
            source: .nse,
            recovery: .retry(afterSeconds: seconds)
        )
    }
}
