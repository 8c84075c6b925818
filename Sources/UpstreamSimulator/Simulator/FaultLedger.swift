import Synchronization

/// Which faults still strike: those that are limited strike so often and no more.
final class FaultLedger: Sendable {
    private let faults: Set<Fault>
    private let limit: Int?
    private let struck = Mutex<[Fault: Int]>([:])

    init(faults: Set<Fault>, limit: Int?) {
        self.faults = faults
        self.limit = limit
    }

    /// Whether the fault strikes now; if so, that counts.
    func strikes(_ fault: Fault) -> Bool {
        guard faults.contains(fault) else { return false }
        guard let limit else { return true }
        return struck.withLock { struck in
            let count = struck[fault, default: 0]
            struck[fault] = min(count + 1, limit)
            return count < limit
        }
    }

    /// Whether the fault was asked for at all.
    func isConfigured(_ fault: Fault) -> Bool { faults.contains(fault) }

    /// Those of the faults that strike now.
    func striking(among candidates: Set<Fault>) -> Set<Fault> { candidates.filter(strikes) }
}
