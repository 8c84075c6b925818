import Synchronization

/// How many streams are open, and how many may be.
final class StreamLimit: Sendable {
    private let open = Mutex(0)
    private let most: Int

    init(_ most: Int) { self.most = most }

    /// Takes a place, where there is one.
    func enter() -> Bool {
        open.withLock { open in
            guard open < most else { return false }
            open += 1
            return true
        }
    }

    /// Gives the place back.
    func leave() { open.withLock { $0 -= 1 } }
}
