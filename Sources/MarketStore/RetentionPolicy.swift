public import MarketData

/// How long bars are kept, by interval; bars of other intervals are kept forever.
public struct RetentionPolicy: Hashable, Sendable {
    /// Seconds that bars of an interval are kept.
    public var seconds: [Interval: Int64]

    /// A policy; without rules it keeps everything.
    public init(seconds: [Interval: Int64] = [:]) { self.seconds = seconds }

    /// The first instant that is kept; `nil` without a limit.
    public func cutoff(for interval: Interval, now: Timestamp) -> Timestamp? {
        seconds[interval].map { now.advanced(bySeconds: -$0) }
    }

    /// The part of a range that is kept; `nil` if none is.
    public func kept(of range: TimeRange, interval: Interval, now: Timestamp) -> TimeRange? {
        guard let cutoff = cutoff(for: interval, now: now), range.from < cutoff else { return range }
        return cutoff < range.to ? TimeRange(from: cutoff, to: range.to) : nil
    }

    /// Where the time begins that a store says it removed: the year 1.
    static let beginning = Timestamp(seconds: -62_135_596_800)
}

/// What a policy takes from a store at a moment.
public struct RetentionPlan: Hashable, Sendable {
    /// The bars to remove from one series.
    public struct Item: Hashable, Sendable {
        /// The series.
        public let key: SeriesKey
        /// Bars that open before this are removed.
        public let before: Timestamp
        /// How many bars that is.
        public let bars: Int
    }

    /// The series with a rule, also those with nothing to remove.
    public let items: [Item]

    /// How many bars go.
    public var bars: Int { items.reduce(0) { $0 + $1.bars } }
}

extension BarStore {
    /// What a policy would take, without taking it.
    /// - Throws: `StoreError`.
    public func retentionPlan(_ policy: RetentionPolicy, now: Timestamp) async throws(StoreError) -> RetentionPlan {
        var items: [RetentionPlan.Item] = []
        for summary in try await series() {
            guard let cutoff = policy.cutoff(for: summary.key.interval, now: now) else { continue }
            let bars = try await countBars(of: summary.key, before: cutoff)
            items.append(RetentionPlan.Item(key: summary.key, before: cutoff, bars: bars))
        }
        return RetentionPlan(items: items)
    }

    /// Removes the bars of a plan, one series at a time. Returns the number of bars removed.
    /// - Throws: `StoreError`.
    @discardableResult
    public func apply(_ plan: RetentionPlan) async throws(StoreError) -> Int {
        var removed = 0
        for item in plan.items { removed += try await removeBars(of: item.key, before: item.before) }
        return removed
    }

    /// Removes what is older than the stored policy allows. Returns the number of bars removed.
    /// - Throws: `StoreError`.
    @discardableResult
    public func applyRetention(now: Timestamp) async throws(StoreError) -> Int {
        let policy = try await retentionPolicy()
        guard !policy.seconds.isEmpty else { return 0 }
        return try await apply(try await retentionPlan(policy, now: now))
    }
}

/// A store that removes old bars by a stored policy, and records that it did: what was removed is
/// neither unknown, so that it is not fetched again and again, nor known to be empty.
public protocol RetentionStore: Sendable {
    /// The retention rules; empty by default.
    /// - Throws: `StoreError`.
    func retentionPolicy() async throws(StoreError) -> RetentionPolicy

    /// Sets what is kept from now on; removes nothing yet. What an earlier policy removed and this one keeps counts
    /// as missing again.
    /// - Throws: `StoreError`; `refused` for a time that is not above zero.
    func setRetentionPolicy(_ policy: RetentionPolicy, now: Timestamp) async throws(StoreError)

    /// How many bars of a series open before an instant.
    /// - Throws: `StoreError`.
    func countBars(of key: SeriesKey, before: Timestamp) async throws(StoreError) -> Int

    /// Removes the bars of a series before an instant, with their former values, and marks that time as removed
    /// (`CoverageState.removed`). Works in several transactions, so that other writers are not blocked; after a crash
    /// what was removed so far is marked.
    /// - Returns: The number of removed bars.
    /// - Throws: `StoreError`.
    @discardableResult
    func removeBars(of key: SeriesKey, before: Timestamp) async throws(StoreError) -> Int
}
