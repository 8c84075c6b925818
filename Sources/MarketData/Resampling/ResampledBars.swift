/// Bars put together from finer ones, and what did not fit.
public struct ResampledBars: Hashable, Sendable {
    /// Ascending by time. A bar of which no part was there is not here either: none is invented.
    public var bars: [Bar]
    /// The openings of those bars of which a part was not there, ascending. Whether nothing was traded in it or the
    /// source left it out cannot be told from the bars.
    public var incomplete: [Timestamp]
    /// The openings of parts that are in no bar, since they lie outside the hours of trading or do not open where a bar
    /// of their interval does, ascending.
    public var unplaced: [Timestamp]

    /// A result from its parts.
    public init(bars: [Bar] = [], incomplete: [Timestamp] = [], unplaced: [Timestamp] = []) {
        self.bars = bars
        self.incomplete = incomplete
        self.unplaced = unplaced
    }
}
