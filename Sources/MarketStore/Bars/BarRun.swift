public import MarketData

/// One answer of one source, to be kept: bars, where they came from, and what the answer proves.
public struct BarRun: Hashable, Sendable {
    /// The series.
    public let key: SeriesKey
    /// In any order; of two with the same time, the more telling one counts.
    public let bars: [Bar]
    /// Where they came from; `asOf` decides which of two answers is the newer one.
    public let provenance: Provenance
    /// What is known of the span that was asked for.
    public let coverage: CoverageMap

    /// A run with the coverage it proves. A forming bar proves nothing: coverage ends at the first one's opening.
    public init(key: SeriesKey, bars: [Bar], provenance: Provenance, coverage: CoverageMap = CoverageMap()) {
        self.key = key
        self.bars = bars
        self.provenance = provenance
        var proven = coverage
        if let forming = bars.lazy.filter({ !$0.isFinal }).map(\.time).min() {
            proven.remove(TimeRange(from: forming, to: TimeRange.always.to))
        }
        self.coverage = proven
    }

    /// The whole answer to a question for the bars that open within `answered`: a bar that the calendar expects and
    /// that did not come is known not to exist. Without boundaries (an exchange whose calendar is not known), the
    /// whole span counts as had. What was not over at `provenance.asOf` is not proven.
    public init(
        key: SeriesKey,
        bars: [Bar],
        provenance: Provenance,
        answered: TimeRange,
        boundaries: BarBoundaries?,
        absent: EmptyReason = .noTrades
    ) {
        let openings = bars.lazy.filter(\.isFinal).map(\.time)
        let coverage = CoverageMap(
            answered: answered, at: provenance.asOf, openings: openings, boundaries: boundaries, absent: absent)
        self.init(key: key, bars: bars, provenance: provenance, coverage: coverage)
    }
}
