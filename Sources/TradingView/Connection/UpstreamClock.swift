import Foundation
import MarketData

/// The two clocks: a steady one for deadlines, the time of day for what is final.
struct UpstreamClock: Sendable {
    private let start = ContinuousClock.now

    /// Since the client was made; never goes back.
    var uptime: Duration { ContinuousClock.now - start }

    /// The time of day.
    var now: Timestamp { Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded())) }
}

extension MarketDataError {
    /// How long the source asked to be left alone.
    var retryAfterSeconds: Int? { if case .retry(let seconds) = recovery { seconds } else { nil } }
}
