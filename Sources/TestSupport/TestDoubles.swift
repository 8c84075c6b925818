public import Logging
public import MarketData
import Synchronization

/// A time of day that moves only when a test moves it, or when code under test sleeps on it.
public final class ManualClock: Sendable {
    private let state: Mutex<(now: Timestamp, end: Timestamp)>

    /// A clock that starts at an instant.
    public init(_ now: Timestamp) { state = Mutex((now, Timestamp(milliseconds: .max))) }

    /// The present moment.
    public var now: Timestamp {
        get { state.withLock { $0.now } }
        set { state.withLock { $0.now = newValue } }
    }

    /// Moves the clock forward.
    public func advance(bySeconds seconds: Int64) { state.withLock { $0.now = $0.now.advanced(bySeconds: seconds) } }

    /// Ends every sleep that would pass this instant with `CancellationError`, as killing the process does.
    public func end(at instant: Timestamp) { state.withLock { $0.end = instant } }

    /// Jumps to an instant that is to come.
    /// - Throws: `CancellationError` at the end set by `end(at:)`.
    public func sleep(until instant: Timestamp) throws {
        try state.withLock { state in
            if instant >= state.end {
                state.now = max(state.now, state.end)
                throw CancellationError()
            }
            state.now = max(state.now, instant)
        }
    }
}

/// A random number generator that gives the same numbers in every run: SplitMix64 (Steele, Lea, Flood 2014).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator; equal seeds give equal numbers.
    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// Counts how many operations run at once.
public final class ConcurrencyCount: Sendable {
    private let running = Mutex((now: 0, most: 0))

    /// Nothing runs yet.
    public init() {}

    /// How many run at present.
    public var now: Int { running.withLock { $0.now } }

    /// The most that have run at once.
    public var most: Int { running.withLock { $0.most } }

    /// Counts while an operation runs.
    public func during(_ operation: () async throws -> Void) async rethrows {
        running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
        defer { running.withLock { $0.now -= 1 } }
        try await operation()
    }
}

extension Logger {
    /// A logger that writes nothing.
    public static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
