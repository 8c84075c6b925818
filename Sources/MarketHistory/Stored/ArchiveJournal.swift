import MarketData
import MarketStore
import Synchronization

/// What happens around the store, as figures for the status.
final class ArchiveJournal: Sendable {
    private let state = Mutex(ArchiveReport())
    private let clock: @Sendable () -> Timestamp

    init(clock: @escaping @Sendable () -> Timestamp) { self.clock = clock }

    var report: ArchiveReport { state.withLock { $0 } }

    func asked(answered bars: Int) {
        state.withLock { report in
            report.questions += 1
            report.barsFetched += bars
        }
    }

    func wrote(_ outcome: WriteOutcome) {
        let now = clock()
        state.withLock { report in
            report.inserted += outcome.inserted
            report.revised += outcome.revised
            report.lastWrite = now
        }
    }

    func rebased() { state.withLock { $0.rebased += 1 } }

    func failed(_ error: StoreError) {
        let now = clock()
        state.withLock { $0.lastFailure = ArchiveReport.Failure(message: error.message, time: now) }
    }

    func update(_ change: (inout ArchiveReport) -> Void) { state.withLock { change(&$0) } }
}
