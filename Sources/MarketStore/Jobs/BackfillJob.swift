public import MarketData

/// A backfill of many series, kept in the store with what became of each, so that it can be taken up after any end.
public struct BackfillJob: Hashable, Sendable {
    /// One series of the job.
    public struct Item: Hashable, Sendable {
        /// Its place in the job, from 1.
        public let number: Int
        /// What is to be fetched.
        public let order: BackfillOrder
        /// What became of it; `nil` as long as it waits.
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
