import Foundation
import MarketData

/// The two clocks: a steady one for deadlines, the time of day for what is final.
struct UpstreamClock: Sendable {
    private let start = ContinuousClock.now
    private let timeOfDay: WallClock

    init(_ timeOfDay: @escaping WallClock) { self.timeOfDay = timeOfDay }

    /// Since the client was made; never goes back.
    var uptime: Duration { ContinuousClock.now - start }

    /// The time of day.
    var now: Timestamp { timeOfDay() }

    /// The time of day, as the transport takes it.
    var date: @Sendable () -> Date {
        { [timeOfDay] in Date(timeIntervalSince1970: Double(timeOfDay().milliseconds) / 1000) }
    }
}

extension MarketDataError {
    /// How long the source asked to be left alone.
    var retryAfterSeconds: Int? { if case .retry(let seconds) = recovery { seconds } else { nil } }
}
