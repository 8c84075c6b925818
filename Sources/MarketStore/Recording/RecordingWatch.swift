public import MarketData

/// A span in which one chain of options was watched by a recorder, and how that went.
public struct RecordingWatch: Hashable, Sendable {
    /// How the source took being asked.
    public enum Outcome: String, CaseIterable, Sendable {
        /// It answered, with new figures or with those of before.
        case watched
        /// It did not want to be asked: throttled, or the day's allowance was spent.
        case refused
        /// It was down, too slow, or sent what cannot be read.
        case failed
        /// It answered for another moment than the one asked for.
        case otherTime = "other_time"
    }

    /// The underlying.
    public var symbol: Symbol
    /// When the options expire.
    public var expiry: CalendarDate
    /// The span.
    public var span: TimeRange
    /// How it went.
    public var outcome: Outcome

    /// A watch from its parts.
    public init(symbol: Symbol, expiry: CalendarDate, span: TimeRange, outcome: Outcome) {
        self.symbol = symbol
        self.expiry = expiry
        self.span = span
        self.outcome = outcome
    }
}
