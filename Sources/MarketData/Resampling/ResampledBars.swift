/// Bars put together from finer ones, each of which is in one of them.
public struct ResampledBars: Hashable, Sendable {
    /// Ascending by time. A bar of which no part was there is not here either: none is invented.
    public var bars: [Bar]
    /// The openings of those bars of which a part was not there, ascending. Whether nothing was traded in it or the
    /// source left it out cannot be told from the bars.
    public var incomplete: [Timestamp]

    /// A result from its parts.
    public init(bars: [Bar] = [], incomplete: [Timestamp] = []) {
        self.bars = bars
        self.incomplete = incomplete
    }
}
