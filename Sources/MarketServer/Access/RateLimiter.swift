import Synchronization

/// Limits each caller to a number of requests a minute, with a reserve of a few seconds' worth for bursts (token
/// bucket).
final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var updated: ContinuousClock.Instant
    }

    private static let mostCallers = 10_000

    private let perSecond: Double
    private let burst: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    init(perMinute: Int) {
        perSecond = Double(perMinute) / 60
        burst = max(1, perSecond * 10)
    }

    /// Takes one request of a caller.
    /// - Returns: `nil` if the request is allowed, otherwise the seconds to wait.
    func take(_ caller: String, at now: ContinuousClock.Instant = .now) -> Int? {
        buckets.withLock { buckets in
            if buckets.count >= RateLimiter.mostCallers, buckets[caller] == nil { forgetRested(&buckets, at: now) }
            var bucket = buckets[caller] ?? Bucket(tokens: burst, updated: now)
            bucket.tokens = refilled(bucket, at: now)
            bucket.updated = now
            let isAllowed = bucket.tokens >= 1
            if isAllowed { bucket.tokens -= 1 }
            buckets[caller] = bucket
            return isAllowed ? nil : max(1, Int(((1 - bucket.tokens) / perSecond).rounded(.up)))
        }
    }

    private func refilled(_ bucket: Bucket, at now: ContinuousClock.Instant) -> Double {
        let passed = (now - bucket.updated).components
        let seconds = Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
        return min(burst, bucket.tokens + max(0, seconds) * perSecond)
    }

    /// Drops clients whose quota is full again. If there are none, drops all, so that memory stays bounded.
    private func forgetRested(_ buckets: inout [String: Bucket], at now: ContinuousClock.Instant) {
        let busy = buckets.filter { refilled($0.value, at: now) < burst }
        buckets = busy.count < RateLimiter.mostCallers ? busy : [:]
    }
}
