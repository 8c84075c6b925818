import Foundation
import MarketData

/// The two clocks: a steady one for deadlines, the time of day for messages to people.
struct UpstreamClock: Sendable {
    private let start = ContinuousClock.now
    private let timeOfDay: WallClock
    private let startTime: Timestamp

    init(_ timeOfDay: @escaping WallClock) {
        self.timeOfDay = timeOfDay
        startTime = timeOfDay()
    }

    /// Since the client was made; never goes back.
    var uptime: Duration { ContinuousClock.now - start }

    /// The time of day.
    var now: Timestamp { timeOfDay() }

    /// A time of day that passes as the steady clock does, for deadlines that are kept as timestamps.
    var steadyNow: Timestamp { Timestamp(milliseconds: startTime.milliseconds + Int64(uptime / .milliseconds(1))) }

    /// The time of day, as the transport takes it.
    var date: @Sendable () -> Date {
        { [timeOfDay] in Date(timeIntervalSince1970: Double(timeOfDay().milliseconds) / 1000) }
    }
}
