/// What a live feed of bars says.
public enum BarEvent: Hashable, Sendable {
    /// The bars so far; first of all, and again whenever the series was loaded anew.
    case snapshot(BarSeries)
    /// A bar, forming or final; one with the same time replaces the former.
    case bar(Bar)
    /// Bars of this span may have been missed.
    case gap(TimeRange)
    /// The bars of an earlier gap.
    case repaired(TimeRange, [Bar])
    /// The source came or went.
    case status(SourceStatus)
}
