public import MarketData

/// A store of bars that knows what it has. Narrow on purpose, so that another database can take the place of SQLite;
/// a conforming type must pass `MarketStoreCompatibility`.
public protocol BarStore: RetentionStore {
    /// Admits a run of bars with its coverage, in one transaction; all writers of bars use it.
    /// The run is compared with the bars of the current generation at the same times: with the same price adjustment it is
    /// appended, with another it begins the next generation, and what cannot be compared is written where the condition
    /// allows it. Admitting the same again changes nothing, and the order of runs with one adjustment does not matter: a
    /// final bar takes precedence over a forming one, then the newer response over the older.
    /// - Throws: `StoreError`; `refused` for invalid bars; nothing is written then.
    @discardableResult
    func admit(_ run: BarRun, if condition: Admission.Condition) async throws(StoreError) -> Admission

    /// What `admit` would do, without writing.
    /// - Throws: `StoreError`.
    func verdict(on run: BarRun, if condition: Admission.Condition) async throws(StoreError) -> Admission.Verdict

    /// The number of a series' current generation; 0 for an unknown series.
    /// - Throws: `StoreError`.
    func generation(of key: SeriesKey) async throws(StoreError) -> Int

    /// The bars that open within a range, ascending, at most `limit` of them, each with its provenance.
    /// - Throws: `StoreError`.
    func bars(of key: SeriesKey, in range: TimeRange, limit: Int) async throws(StoreError) -> StoredBars

    /// The newest bars that open before an instant (`nil`: the newest there are), ascending, at most `count`.
    /// - Throws: `StoreError`.
    func newestBars(of key: SeriesKey, count: Int, before: Timestamp?) async throws(StoreError) -> StoredBars

    /// The openings of the final bars within a range, ascending, without reading the bars.
    /// - Throws: `StoreError`.
    func openings(of key: SeriesKey, in range: TimeRange) async throws(StoreError) -> [Timestamp]

    /// What is known of a series within a range.
    /// - Throws: `StoreError`.
    func coverage(of key: SeriesKey, in range: TimeRange) async throws(StoreError) -> CoverageMap

    /// Bars of former generations that open within a range, ascending, at most `limit` of them: their prices are from before
    /// the whole series changed, and the current generation has no bar at their times.
    /// - Throws: `StoreError`.
    func formerBars(of key: SeriesKey, in range: TimeRange, limit: Int) async throws(StoreError) -> StoredBars

    /// Former values of final bars that open within a range, by time, then by the moment they were given.
    /// - Throws: `StoreError`.
    func revisions(of key: SeriesKey, in range: TimeRange) async throws(StoreError) -> [BarRevision]

    /// Every series in the store, by symbol and interval.
    /// - Throws: `StoreError`.
    func series() async throws(StoreError) -> [SeriesSummary]

    /// Returns the faults in the store; empty where there is none. Reads everything.
    /// - Throws: `StoreError` where the check itself cannot be made.
    func check() async throws(StoreError) -> [StoreFault]
}

/// A store that counts its changes, so that what was read from it can be served again.
package protocol ChangeCountingStore {
    /// Counts every write, after it was committed; `nil` where others write too.
    var changes: ChangeCounter? { get }
}

extension BarStore {
    /// Admits a run without a condition.
    /// - Throws: `StoreError`.
    @discardableResult
    public func write(_ run: BarRun) async throws(StoreError) -> WriteOutcome {
        try await admit(run, if: Admission.Condition()).written
    }

    /// All bars that open within a range.
    /// - Throws: `StoreError`.
    public func bars(of key: SeriesKey, in range: TimeRange) async throws(StoreError) -> StoredBars {
        try await bars(of: key, in: range, limit: .max)
    }

    /// The newest bars there are, ascending.
    /// - Throws: `StoreError`.
    public func newestBars(of key: SeriesKey, count: Int) async throws(StoreError) -> StoredBars {
        try await newestBars(of: key, count: count, before: nil)
    }

    /// What is known of a whole series.
    /// - Throws: `StoreError`.
    public func coverage(of key: SeriesKey) async throws(StoreError) -> CoverageMap {
        try await coverage(of: key, in: .always)
    }

    /// All former values of final bars of a series.
    /// - Throws: `StoreError`.
    public func revisions(of key: SeriesKey) async throws(StoreError) -> [BarRevision] {
        try await revisions(of: key, in: .always)
    }
}

extension TimeRange {
    /// All of time but its very last millisecond.
    public static let always = TimeRange(from: Timestamp(milliseconds: .min), to: Timestamp(milliseconds: .max))
}
