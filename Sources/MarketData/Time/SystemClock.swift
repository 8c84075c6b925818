import Foundation

/// The time of day. Everything that decides by the time takes one, so that a test can set it.
public typealias WallClock = @Sendable () -> Timestamp

/// The clock of this machine. Only the composition root and default arguments of public initialisers name it
/// (`scripts/check-clock`).
public enum SystemClock {
    /// The present moment.
    public static let now: WallClock = {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)) + offset)
    }

    #if DEBUG
        /// Milliseconds by which a debug build is ahead of the machine: `BHAV_CLOCK_OFFSET`, in seconds, with which
        /// `scripts/test` runs the tests and the programs that they start on one and the same day.
        private static let offset =
            (ProcessInfo.processInfo.environment["BHAV_CLOCK_OFFSET"].flatMap { Int64($0) } ?? 0) * 1000
    #else
        private static let offset: Int64 = 0
    #endif
}
