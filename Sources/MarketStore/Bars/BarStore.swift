public import MarketData

/// A memory of bars that knows what it has. Narrow on purpose, so that another database can take the place of SQLite;
/// whoever conforms must pass `MarketStoreCompatibility`.
public protocol BarStore: RetentionStore {
    /// Takes in a run of bars and the coverage it proves, both or neither. Writing the same again changes nothing, and
    /// the order of writes does not matter: a final bar wins over a forming one, then the newer answer over the older.
    /// - Throws: `StoreError`; `refused` for bars that cannot be, and nothing is written.
    @discardableResult
    func write(_ run: BarRun) async throws(StoreError) -> WriteOutcome

    /// The bars that open within a range, ascending, at most `limit` of them, and where each came from.
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

    /// Says that all that is stored of a series before an instant has prices of before the whole series changed (a
    /// split): it is kept, counts as `outdated` until it was fetched anew, and is to be served with nothing newer.
    /// - Throws: `StoreError`.
    func outdate(_ key: SeriesKey, before: Timestamp) async throws(StoreError)

    /// Former values of final bars that open within a range, by time, then by the moment they were given.
    /// - Throws: `StoreError`.
    func revisions(of key: SeriesKey, in range: TimeRange) async throws(StoreError) -> [BarRevision]

    /// Every series in the store, by symbol and interval.
    /// - Throws: `StoreError`.
    func series() async throws(StoreError) -> [SeriesSummary]

    /// Looks for what should not be; empty where all is well. Reads everything.
    /// - Throws: `StoreError` where the check itself cannot be made.
    func check() async throws(StoreError) -> [StoreFault]
}

extension BarStore {
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

    /// The bars that open within a range, ascending, at most `limit` of those stored, but for outdated ones.
    /// - Throws: `StoreError`.
    public func currentBars(
        of key: SeriesKey, in range: TimeRange, limit: Int = .max
    ) async throws(StoreError) -> StoredBars {
        let coverage = try await coverage(of: key, in: range)
        let stored = try await bars(of: key, in: range, limit: limit)
        return coverage.hasOutdated ? stored.filter { coverage.state(at: $0.time) != .outdated } : stored
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
