public import MarketData

/// What a policy takes from a store at a moment.
public struct RetentionPlan: Hashable, Sendable {
    /// What goes from one series.
    public struct Item: Hashable, Sendable {
        /// The series.
        public let key: SeriesKey
        /// What opens before goes.
        public let before: Timestamp
        /// How many bars that is.
        public let bars: Int
    }

    /// The series that are under a rule, also those of which nothing goes.
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

    /// Takes what a plan says, a series at a time. Returns how many bars went.
    /// - Throws: `StoreError`.
    @discardableResult
    public func carryOut(_ plan: RetentionPlan) async throws(StoreError) -> Int {
        var removed = 0
        for item in plan.items { removed += try await letGo(of: item.key, before: item.before) }
        return removed
    }

    /// Lets go of what is older than the kept policy says. Returns how many bars went.
    /// - Throws: `StoreError`.
    @discardableResult
    public func applyRetention(now: Timestamp) async throws(StoreError) -> Int {
        let policy = try await retentionPolicy()
        guard !policy.seconds.isEmpty else { return 0 }
        return try await carryOut(try await retentionPlan(policy, now: now))
    }
}
