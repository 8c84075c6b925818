public import MarketData

/// The time by which a recorder goes, and the waiting for it.
public struct RecorderClock: Sendable {
    let now: @Sendable () -> Timestamp
    let sleep: @Sendable (Timestamp) async throws -> Void

    /// A clock from its parts.
    /// - Parameters:
    ///   - now: The time.
    ///   - sleep: Waits until an instant, or throws `CancellationError`.
    public init(now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Timestamp) async throws -> Void) {
        self.now = now
        self.sleep = sleep
    }

    /// A clock that waits in short stretches, so that a machine that was asleep, or was set, is noticed.
    public static func waiting(by now: @escaping @Sendable () -> Timestamp) -> RecorderClock {
        RecorderClock(now: now) { instant in
            while now() < instant {
                let left = instant.milliseconds - now().milliseconds
                try await Task.sleep(for: .milliseconds(min(max(left, 1), 30_000)))
            }
        }
    }
}
