import Foundation

/// The time of day. Everything that decides by the time takes one, so that a test can set it.
public typealias WallClock = @Sendable () -> Timestamp

/// The clock of this machine. Only the composition root and default arguments of public initialisers name it
/// (`scripts/check-clock`).
public enum SystemClock {
    /// The present moment.
    public static let now: WallClock = {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }
}
