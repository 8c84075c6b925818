public import MarketData

extension CoverageMap {
    /// What the whole answer to a question for the bars that open within `answered` proves, given at an instant: all is
    /// had, but for the bars that the calendar expects and that did not come, and but for what was not over by then.
    /// Without a calendar, all of the span is had.
    public init(
        answered: TimeRange,
        at asOf: Timestamp,
        openings: some Sequence<Timestamp>,
        boundaries: BarBoundaries?,
        absent: EmptyReason = .noTrades
    ) {
        self.init()
        guard let boundaries else {
            add(CoverageSpan(TimeRange(from: answered.from, to: min(answered.to, asOf)), .had))
            return
        }
        add(CoverageSpan(CoverageMap.wholeBars(in: answered, at: asOf, boundaries), .had))
        let came = Set(openings)
        for bar in ExpectedBars(boundaries: boundaries, within: answered, now: asOf) where !came.contains(bar.from) {
            replace(CoverageSpan(bar, .empty(absent)))
        }
    }

    /// From the first opening in a range, or the closed time before it, to the close of the last bar that opens in it.
    private static func wholeBars(
        in range: TimeRange, at asOf: Timestamp, _ boundaries: BarBoundaries
    ) -> TimeRange {
        var (from, to) = (range.from, min(range.to, asOf))
        if let cut = boundaries.bar(containing: from), cut.from < from { from = cut.to }
        let last = boundaries.bar(containing: Timestamp(milliseconds: to.milliseconds - 1))
        if let last { to = last.to <= asOf ? last.to : last.from }
        return TimeRange(from: from, to: to)
    }
}
