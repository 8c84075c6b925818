import MarketData
import MarketStore

/// What a source's answer to one page proves, and whether older pages are worth asking for. Pure.
struct PageAnswer {
    /// How far the source's history reaches.
    enum Reach: Hashable {
        /// Over the whole page.
        case whole
        /// It begins within or after the page: nothing older exists.
        case historyBegins
        /// The source shows nothing older, though it may exist.
        case ends(BarSeries.Shortfall)

        /// Why the source shows nothing older, though it may exist.
        var shortfall: BarSeries.Shortfall? {
            if case .ends(let reason) = self { reason } else { nil }
        }
    }

    /// Absence is proven only of bars that were over this long ago; a source may be late with the newest ones.
    static let settlingSeconds: Int64 = 600

    /// What is to be kept.
    let run: BarRun
    /// How far the source's history reaches.
    let reach: Reach

    /// - Parameters:
    ///   - series: The answer.
    ///   - page: What was asked.
    ///   - oldest: Where the whole order begins; up to there all is known to be empty where history begins later.
    init(
        _ series: BarSeries, to page: TimeRange, of key: SeriesKey, since oldest: Timestamp, boundaries: BarBoundaries?
    ) {
        let first = series.bars.first?.time ?? page.to
        var coverage = CoverageMap()
        var answered = page
        switch series.shortfall {
        case nil: reach = .whole
        case .startOfHistory:
            reach = .historyBegins
            answered = TimeRange(from: max(page.from, min(first, page.to)), to: page.to)
            let before = TimeRange(from: oldest, to: min(answered.from, series.provenance.asOf))
            coverage.add(CoverageSpan(before, .empty(.beforeHistory)))
        case .planLimit?, .recordingEnds?, .more?:
            reach = .ends(series.shortfall ?? .planLimit)
            answered = TimeRange(from: max(page.from, min(first, page.to)), to: page.to)
        }
        let openings = series.bars.lazy.filter(\.isFinal).map(\.time)
        coverage.add(
            CoverageMap(
                answered: answered, at: PageAnswer.settled(series, key.interval), openings: openings,
                boundaries: boundaries))
        for gap in series.gaps { coverage.remove(gap.range) }
        run = BarRun(key: key, bars: series.bars, provenance: series.provenance, coverage: coverage)
    }

    /// Up to when the answer can be taken to be whole.
    private static func settled(_ series: BarSeries, _ interval: Interval) -> Timestamp {
        let asOf = series.provenance.asOf
        let old = asOf.advanced(bySeconds: -settlingSeconds)
        guard let seconds = interval.seconds, let last = series.bars.last(where: \.isFinal) else { return old }
        return max(old, min(asOf, last.time.advanced(bySeconds: seconds)))
    }
}
