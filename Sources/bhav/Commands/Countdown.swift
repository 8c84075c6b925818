import Synchronization

/// How many more may be printed, whoever prints them.
final class Countdown: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    /// Takes one place: how many are left after it, below zero where there was none.
    func take() -> Int {
        left.withLock { left in
            left -= 1
            return left
        }
    }
}
