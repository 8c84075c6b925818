public import MarketData

/// How many bars a new series shall hold, and up to when.
public enum BarCount: Hashable, Sendable {
    /// The newest bars, this many.
    case newest(Int)
    /// This many bars up to an instant (`["bar_count", to, n]` on the wire); a negative count asks for those after it.
    case upTo(Timestamp, count: Int)
}
