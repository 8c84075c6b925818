public import MarketData
import MarketStore
import Synchronization

/// What the store is doing for a server, in numbers since its start.
public struct ArchiveReport: Hashable, Sendable {
    /// A failure of the store, and when.
    public struct Failure: Hashable, Sendable {
        /// What failed.
        public var message: String
        /// When.
        public var time: Timestamp
    }

    /// The keeping of live bars.
    public struct Live: Hashable, Sendable {
        /// Bars that wait to be written.
        public var waiting = 0
        /// Bars that were written.
        public var written = 0
        /// Bars that found the queue full; they are fetched with the next request.
        public var dropped = 0
    }

    /// The repair of series.
    public struct Repair: Hashable, Sendable {
        /// Series that wait for their turn.
        public var waiting = 0
        /// The series that is being repaired; `nil` for none.
        public var current: String?
        /// Series that were checked and are complete.
        public var done = 0
        /// Series that could not be completed.
        public var failed = 0
        /// Why the last one could not; `nil` where none failed.
        public var lastFailure: String?
    }

    /// Requests to sources for what was missing.
    public var requests = 0
    /// Bars in their responses.
    public var barsFetched = 0
    /// Bars that were new to the store.
    public var inserted = 0
    /// Final bars that changed.
    public var revised = 0
    /// New generations of series, created because all their prices had changed.
    public var rebased = 0
    /// When something was last written; `nil` before.
    public var lastWrite: Timestamp?
    /// The last failure; `nil` where there was none.
    public var lastFailure: Failure?
    /// How many times writing or reading the store failed.
    var failures = 0
    /// Whether nothing may be written.
    public var isReadOnly = false
    /// Live bars.
    public var live = Live()
    /// Repairs.
    public var repair = Repair()

    init() {}

    /// Whether the last thing that was tried with the store succeeded.
    public var isWell: Bool {
        guard let failed = lastFailure?.time else { return true }
        return lastWrite.map { $0 > failed } ?? false
    }
}

/// Records what happens around the store, for the report.
final class ArchiveJournal: Sendable {
    private let state = Mutex(ArchiveReport())
    private let clock: @Sendable () -> Timestamp

    init(clock: @escaping @Sendable () -> Timestamp) { self.clock = clock }

    var report: ArchiveReport { state.withLock { $0 } }

    func requested(returned bars: Int) {
        update { report in
            report.requests += 1
            report.barsFetched += bars
        }
    }

    func wrote(_ admission: Admission) {
        let now = clock()
        update { report in
            report.inserted += admission.written.inserted
            report.revised += admission.written.revised
            report.rebased += admission.verdict == .newGeneration ? 1 : 0
            report.lastWrite = now
        }
    }

    func failed(_ error: StoreError) {
        let now = clock()
        update { report in
            report.failures += 1
            report.lastFailure = ArchiveReport.Failure(message: error.message, time: now)
        }
    }

    func update(_ change: (inout ArchiveReport) -> Void) { state.withLock { change(&$0) } }
}
