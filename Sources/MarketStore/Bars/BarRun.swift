public import MarketData

/// One answer of one source, to be kept: bars, where they came from, and what the answer proves.
public struct BarRun: Hashable, Sendable {
    /// The series.
    public let key: SeriesKey
    /// In any order; of two with the same time, the more telling one counts.
    public let bars: [Bar]
    /// Where they came from; `asOf` decides which of two answers is the newer one.
    public let provenance: Provenance
    /// What is known of the span that was requested.
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

    /// The whole answer to a request for the bars that open within `answered`: a bar that the calendar expects and
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

extension BarRun {
    /// - Throws: `StoreError`: `refused`, naming the first bar with a value that is not a number.
    func validate() throws(StoreError) {
        for bar in bars {
            let numbers = [bar.open, bar.high, bar.low, bar.close, bar.volume ?? 0, bar.openInterest ?? 0]
            guard numbers.allSatisfy(\.isFinite) else {
                throw StoreError(
                    .refused,
                    "the bar of \(key) at \(bar.time) has a value that is not a number; the run was not stored")
            }
        }
    }
}

/// What a write did. Bars that were there already, or lost against what was there, count in none of these.
public struct WriteOutcome: Hashable, Sendable {
    /// Bars that were new.
    public var inserted = 0
    /// Forming bars that moved on or became final.
    public var updated = 0
    /// Bars that came back the same from a newer answer.
    public var confirmed = 0
    /// Final bars that came back different; the older value is kept among the revisions.
    public var revised = 0

    /// An outcome in which nothing changed.
    public init() {}

    /// Whether no stored bar changed its value.
    public var isUnchanged: Bool { inserted == 0 && updated == 0 && revised == 0 }
}
