import MarketData
import MarketStore
import Synchronization

/// A store that refuses to write bars a number of times, as on a full disk.
final class RefusingStore: BarStore, InstrumentStore {
    private let base: SQLiteMarketStore
    private let refusals: Atomic<Int>

    init(_ base: SQLiteMarketStore, refusals: Int) {
        self.base = base
        self.refusals = Atomic(refusals)
    }

    func admit(_ run: BarRun, if condition: Admission.Condition) async throws(StoreError) -> Admission {
        guard refusals.subtract(1, ordering: .relaxed).oldValue <= 0 else {
            throw StoreError(.full, "the disk is full")
        }
        return try await base.admit(run, if: condition)
    }

    func verdict(on run: BarRun, if condition: Admission.Condition) async throws(StoreError) -> Admission.Verdict {
        try await base.verdict(on: run, if: condition)
    }

    func generation(of key: SeriesKey) async throws(StoreError) -> Int { try await base.generation(of: key) }

    func bars(of key: SeriesKey, in range: TimeRange, limit: Int) async throws(StoreError) -> StoredBars {
        try await base.bars(of: key, in: range, limit: limit)
    }

    func newestBars(of key: SeriesKey, count: Int, before: Timestamp?) async throws(StoreError) -> StoredBars {
        try await base.newestBars(of: key, count: count, before: before)
    }

    func openings(of key: SeriesKey, in range: TimeRange) async throws(StoreError) -> [Timestamp] {
        try await base.openings(of: key, in: range)
    }

    func coverage(of key: SeriesKey, in range: TimeRange) async throws(StoreError) -> CoverageMap {
        try await base.coverage(of: key, in: range)
    }

    func formerBars(of key: SeriesKey, in range: TimeRange, limit: Int) async throws(StoreError) -> StoredBars {
        try await base.formerBars(of: key, in: range, limit: limit)
    }

    func revisions(of key: SeriesKey, in range: TimeRange) async throws(StoreError) -> [BarRevision] {
        try await base.revisions(of: key, in: range)
    }

    func series() async throws(StoreError) -> [SeriesSummary] { try await base.series() }

    func check() async throws(StoreError) -> [StoreFault] { try await base.check() }

    func retentionPolicy() async throws(StoreError) -> RetentionPolicy { try await base.retentionPolicy() }

    func setRetentionPolicy(_ policy: RetentionPolicy, now: Timestamp) async throws(StoreError) {
        try await base.setRetentionPolicy(policy, now: now)
    }

    func countBars(of key: SeriesKey, before: Timestamp) async throws(StoreError) -> Int {
        try await base.countBars(of: key, before: before)
    }

    func removeBars(of key: SeriesKey, before: Timestamp) async throws(StoreError) -> Int {
        try await base.removeBars(of: key, before: before)
    }

    func instrument(of symbol: Symbol) async throws(StoreError) -> Instrument? {
        try await base.instrument(of: symbol)
    }

    func keep(_ instrument: Instrument) async throws(StoreError) { try await base.keep(instrument) }
}
