import Synchronization

/// How many requests are answered before the firewall refuses.
final class RequestAllowance: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    /// Takes one, where there is one.
    func isLeft() -> Bool {
        left.withLock { left in
            guard left > 0 else { return false }
            left -= 1
            return true
        }
    }
}
