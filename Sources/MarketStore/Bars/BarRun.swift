public import MarketData

/// One response of one source, to be stored: bars, their provenance, and its coverage.
public struct BarRun: Hashable, Sendable {
    /// The series.
    public let key: SeriesKey
    /// In any order; of two with the same time, `BarMerge` selects one.
    public let bars: [Bar]
    /// The provenance; `asOf` decides which of two responses is newer.
    public let provenance: Provenance
    /// What is known of the span that was requested.
    public let coverage: CoverageMap

    /// A run with its coverage, which ends at the opening of the first forming bar.
    public init(key: SeriesKey, bars: [Bar], provenance: Provenance, coverage: CoverageMap = CoverageMap()) {
        self.key = key
        self.bars = bars
        self.provenance = provenance
        var known = coverage
        if let forming = bars.lazy.filter({ !$0.isFinal }).map(\.time).min() {
            known.remove(TimeRange(from: forming, to: TimeRange.always.to))
        }
        self.coverage = known
    }

    /// The complete response to a request for the bars that open within `complete`: a bar that the calendar expects and
    /// that did not come is known not to exist. Without boundaries (an exchange whose calendar is not known), the
    /// whole span counts as having data. Time not over at `provenance.asOf` stays unknown.
    public init(
        key: SeriesKey,
        bars: [Bar],
        provenance: Provenance,
        complete: TimeRange,
        boundaries: BarBoundaries?
    ) {
        let openings = bars.lazy.filter(\.isFinal).map(\.time)
        let coverage = CoverageMap(
            complete: complete, at: provenance.asOf, openings: openings, boundaries: boundaries)
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

/// The outcome of a write. Bars already stored, or older than the stored ones, count in none of these.
public struct WriteOutcome: Hashable, Sendable {
    /// Bars that were new.
    public var inserted = 0
    /// Forming bars that changed or became final.
    public var updated = 0
    /// Bars confirmed by a newer response.
    public var confirmed = 0
    /// Final bars that changed; the older value is stored as a revision.
    public var revised = 0

    /// An outcome in which nothing changed.
    public init() {}

    /// Adds the outcome of another write.
    public mutating func add(_ more: WriteOutcome) {
        inserted += more.inserted
        updated += more.updated
        confirmed += more.confirmed
        revised += more.revised
    }

    /// Whether no stored bar changed its value.
    public var isUnchanged: Bool { inserted == 0 && updated == 0 && revised == 0 }
}
