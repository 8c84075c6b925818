import Synchronization

/// Symbols whose open series and quotes stand still while all others go on. What is opened later moves again.
final class FrozenSymbols: Sendable {
    private struct State {
        var opened = 0
        var frozen: [String: Int] = [:]
    }

    private let state = Mutex(State())

    /// Numbers a series or a quote that is opened.
    func open() -> Int {
        state.withLock { state in
            state.opened += 1
            return state.opened
        }
    }

    func freeze(_ symbol: String) { state.withLock { $0.frozen[symbol] = $0.opened } }

    func thaw(_ symbol: String) { state.withLock { $0.frozen[symbol] = nil } }

    func isFrozen(_ symbol: String, opened number: Int) -> Bool {
        state.withLock { state in state.frozen[symbol].map { number <= $0 } ?? false }
    }
}
