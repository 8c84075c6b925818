public import MarketData
import Synchronization

/// A clock that moves only when advanced, so that a session of 375 minutes takes seconds.
///
/// ```swift
/// let clock = SimulatedClock(IndianTime.timestamp(day, ClockTime(hour: 9, minute: 15)))
/// let configuration = SimulatorConfiguration.openInterestSession(clock: clock)
/// try await UpstreamSimulator.withRunning(configuration) { simulator, port in
///     // A client with `now: { clock.now }` and TRENDLYNE_URL at http://127.0.0.1:port
///     for _ in 0..<375 {
///         clock.advance(bySeconds: 60)
///         // ... let the client take its snapshot ...
///     }
///     let truth = simulator.openInterest(of: nifty, expiry: expiry, within: session)
/// }
/// ```
public final class SimulatedClock: Sendable {
    private let moment: Mutex<Timestamp>

    /// A clock set to a moment.
    public init(_ start: Timestamp) { moment = Mutex(start) }

    /// The current moment.
    public var now: Timestamp { moment.withLock { $0 } }

    /// Goes on by some seconds.
    public func advance(bySeconds seconds: Int64) { moment.withLock { $0 = $0.advanced(bySeconds: seconds) } }

    /// Goes to a moment.
    public func set(to time: Timestamp) { moment.withLock { $0 = time } }
}
