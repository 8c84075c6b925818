public import MarketData

/// A backfill of many series, kept in the store with the outcome of each, so that it can be resumed.
public struct BackfillJob: Hashable, Sendable {
    /// One series of the job.
    public struct Item: Hashable, Sendable {
        /// Its place in the job, from 1.
        public let number: Int
        /// What is to be fetched.
        public let order: BackfillOrder
        /// The outcome; `nil` while it is pending.
        public let result: BackfillResult?

        /// An item from its parts.
        public init(number: Int, order: BackfillOrder, result: BackfillResult?) {
            self.number = number
            self.order = order
            self.result = result
        }
    }

    /// The job's number; a greater one is newer.
    public let id: Int64
    /// When it was ordered.
    public let created: Timestamp
    /// In the order in which they are worked on.
    public let items: [Item]

    /// A job from its parts.
    public init(id: Int64, created: Timestamp, items: [Item]) {
        self.id = id
        self.created = created
        self.items = items
    }

    /// Whether some of it was never worked on to its end.
    public var isUnfinished: Bool { items.contains { $0.result == nil } }

    /// The items in some state; `nil` for those that wait.
    public func count(_ state: BackfillResult.State?) -> Int { items.count { $0.result?.state == state } }
}

/// A part of a backfill: one series over a span of time.
public struct BackfillOrder: Hashable, Sendable {
    /// The series.
    public let key: SeriesKey
    /// The first bar that the store is to have opens then or later.
    public let from: Timestamp
    /// Bars that open then or later are not wanted; `nil` for up to the moment of the work.
    public let to: Timestamp?

    /// An order from its parts.
    public init(_ key: SeriesKey, from: Timestamp, to: Timestamp?) {
        self.key = key
        self.from = from
        self.to = to
    }

    /// The span as of a moment; `nil` if it begins later.
    public func range(now: Timestamp) -> TimeRange? {
        let end = to ?? now
        return from < end ? TimeRange(from: from, to: end) : nil
    }
}

/// The stored outcome of one series of a backfill.
public struct BackfillResult: Hashable, Sendable {
    /// How it ended.
    public enum State: String, CaseIterable, Sendable {
        /// Nothing is missing.
        case complete
        /// The source showed less than was requested.
        case partial
        /// The source failed; earlier pages are kept.
        case failed
    }

    /// How it ended.
    public let state: State
    /// When.
    public let settled: Timestamp
    /// Bars that were new.
    public let inserted: Int
    /// Final bars that changed.
    public let revised: Int
    /// The number of bars still missing from the store.
    public let remaining: Int
    /// Why it is not complete, in words.
    public let reason: String?

    /// A result from its parts.
    public init(
        state: State, settled: Timestamp, inserted: Int, revised: Int, remaining: Int, reason: String? = nil
    ) {
        self.state = state
        self.settled = settled
        self.inserted = inserted
        self.revised = revised
        self.remaining = remaining
        self.reason = reason
    }
}

/// A store of backfills. It keeps the newest fifty; older ones are forgotten, not what they fetched.
public protocol BackfillJobStore: Sendable {
    /// The newest unfinished job with exactly these orders, or a new one where there is none.
    /// - Throws: `StoreError`; `refused` without orders, or for more than 100,000 of them.
    func openJob(_ orders: [BackfillOrder], now: Timestamp) async throws(StoreError) -> BackfillJob

    /// Records the outcome of an item; a later result replaces an earlier one, and its bars are
    /// added to those before.
    /// - Throws: `StoreError`; `refused` for an item that is not there.
    func settle(_ item: Int, of job: Int64, _ result: BackfillResult) async throws(StoreError)

    /// A job by its number.
    /// - Throws: `StoreError`.
    func job(_ id: Int64) async throws(StoreError) -> BackfillJob?

    /// All jobs, the newest first.
    /// - Throws: `StoreError`.
    func jobs() async throws(StoreError) -> [BackfillJob]
}
