public import MarketData

/// What a recorder has to tell.
public enum RecordingEvent: Sendable {
    /// A chain is followed from now on; so many of today's snapshots were there already.
    case follows(RecordedChain, known: Int)
    /// A snapshot was kept; of an earlier moment where a hole was filled.
    case kept(OpenInterestSnapshot, fillsHole: Bool)
    /// No snapshot is there of a stretch; what can be had of it is asked for.
    case hole(RecordedChain, RecordingHole)
    /// The source refused or failed; it is asked again at an instant.
    case paused(MarketDataError, until: Timestamp)
    /// An underlying is not recorded.
    case dropped(Symbol, MarketDataError)
    /// Nothing is to be done before the next session.
    case rests(until: TradingSession, isBudgetSpent: Bool)
}
