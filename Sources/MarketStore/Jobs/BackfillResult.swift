public import MarketData

/// What became of one series of a backfill, for the record.
public struct BackfillResult: Hashable, Sendable {
    /// How it ended.
    public enum State: String, CaseIterable, Sendable {
        /// Nothing is missing.
        case complete
        /// The source showed less than was asked for.
        case partial
        /// The source failed; what came before is kept.
        case failed
    }

    /// How it ended.
    public let state: State
    /// When.
    public let settled: Timestamp
    /// Bars that were new.
    public let inserted: Int
    /// Final bars that came back different.
    public let revised: Int
    /// How many bars the store still lacks.
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
