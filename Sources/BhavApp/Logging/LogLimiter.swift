import Logging
import Synchronization

/// Limits how often a server's log says the same: of each message, `most` records within a `window`. What is left out is
/// counted, and the count is logged once the window has ended.
///
/// Records of one message count together whatever their metadata, since messages are constant. Debug and trace
/// records, which are enabled on request, and critical ones are never suppressed.
final class LogLimiter: Sendable {
    private struct Key: Hashable {
        let level: Logger.Level
        let message: String
    }

    private struct Window {
        let end: ContinuousClock.Instant
        var count = 0
    }

    /// A message whose records were left out.
    struct Suppressed: Equatable {
        let level: Logger.Level
        let message: String
        let count: Int
    }

    /// More messages than this are not distinguished; a constant message is one line of code.
    private static let mostMessages = 1_000

    private let most: Int
    private let window: Duration
    private let windows = Mutex<[Key: Window]>([:])

    init(most: Int = 20, window: Duration = .seconds(60)) {
        (self.most, self.window) = (most, window)
    }

    /// Counts a record.
    /// - Returns: Whether it is to be logged, and what was left out in windows that have ended.
    func admit(
        _ level: Logger.Level, _ message: String, at now: ContinuousClock.Instant
    ) -> (isAdmitted: Bool, suppressed: [Suppressed]) {
        guard level >= .info, level < .critical else { return (true, []) }
        return windows.withLock { windows in
            var suppressed: [Suppressed] = []
            for (key, window) in windows where window.end <= now {
                if window.count > most {
                    suppressed.append(Suppressed(level: key.level, message: key.message, count: window.count - most))
                }
                windows[key] = nil
            }
            let key = Key(level: level, message: message)
            guard windows[key] != nil || windows.count < LogLimiter.mostMessages else { return (true, suppressed) }
            windows[key, default: Window(end: now + window)].count += 1
            return (windows[key].map { $0.count <= most } ?? true, suppressed)
        }
    }
}
