import Synchronization

/// Which faults still strike: those that are limited strike so often and no more.
final class FaultLedger: Sendable {
    private struct State {
        var faults: Set<Fault>
        /// Those that strike without limit.
        var begun: Set<Fault> = []
        var struck: [Fault: Int] = [:]
    }

    private let limit: Int?
    private let state: Mutex<State>

    init(faults: Set<Fault>, limit: Int?) {
        self.limit = limit
        state = Mutex(State(faults: faults))
    }

    /// Whether the fault strikes now; if so, that counts.
    func strikes(_ fault: Fault) -> Bool {
        state.withLock { state in
            if state.begun.contains(fault) { return true }
            guard state.faults.contains(fault) else { return false }
            guard let limit else { return true }
            let count = state.struck[fault, default: 0]
            state.struck[fault] = min(count + 1, limit)
            return count < limit
        }
    }

    /// Whether the fault was asked for at all.
    func isConfigured(_ fault: Fault) -> Bool {
        state.withLock { $0.faults.contains(fault) || $0.begun.contains(fault) }
    }

    /// Those of the faults that strike now.
    func striking(among candidates: Set<Fault>) -> Set<Fault> { candidates.filter(strikes) }

    func begin(_ fault: Fault) { state.withLock { _ = $0.begun.insert(fault) } }

    func end(_ fault: Fault) {
        state.withLock { state in
            state.begun.remove(fault)
            state.faults.remove(fault)
        }
    }
}
