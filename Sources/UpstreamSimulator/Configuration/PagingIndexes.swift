/// How bars are numbered once older ones were asked for; clients saw both (TradingView's `i` is a place on the chart's
/// time scale, not a property of the bar).
public enum PagingIndexes: String, CaseIterable, Sendable {
    /// Older bars count down below zero, those already sent keep their numbers.
    case negative
    /// All bars are numbered anew from zero at the oldest.
    case renumbered
}
