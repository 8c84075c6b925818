public import MarketData

/// What to ask a source for, so that a range becomes complete: only what is missing, in pages.
public struct FetchPlan: Hashable, Sendable {
    /// One question to a source.
    public struct Page: Hashable, Sendable {
        /// The bars that open within this range.
        public let range: TimeRange
        /// How many bars that is, at the most.
        public let bars: Int

        /// A page from its parts.
        public init(range: TimeRange, bars: Int) {
            self.range = range
            self.bars = bars
        }
    }

    /// Ascending; none holds a bar that is there already.
    public let pages: [Page]

    /// How many bars are asked for.
    public var bars: Int { pages.reduce(0) { $0 + $1.bars } }

    /// Pages of at most `pageSize` bars over the bars that a calendar says are missing. A page reaches over a night, but
    /// not over a bar that is there.
    ///
    /// `openings` are those of the stored bars, ascending.
    public init(
        range: TimeRange, coverage: CoverageMap, openings: [Timestamp], gaps: GapFinder, pageSize: Int
    ) {
        var pages: [Page] = []
        var isOpen = false
        gaps.forEachBar(in: range, coverage: coverage, openings: openings) { bar, state in
            guard state == .missing else {
                isOpen = false
                return
            }
            if isOpen, let page = pages.last, page.bars < pageSize {
                let reach = TimeRange(from: page.range.from, to: bar.to)
                pages[pages.count - 1] = Page(range: reach, bars: page.bars + 1)
            } else {
                pages.append(Page(range: bar, bars: 1))
                isOpen = true
            }
        }
        self.pages = pages
    }

    /// Pages over the spans that nothing is known of, for an exchange whose calendar is not known: as if it never shut.
    public init(range: TimeRange, coverage: CoverageMap, interval: Interval, pageSize: Int) {
        let milliseconds = interval.shortestSeconds * 1000
        let (page, isBeyond) = milliseconds.multipliedReportingOverflow(by: Int64(max(1, pageSize)))
        let step = isBeyond ? Int64.max : page
        var pages: [Page] = []
        for span in coverage.missing(in: range) {
            var from = span.from.milliseconds
            while from < span.to.milliseconds {
                let length = min(step, span.to.milliseconds &- from)
                let to = length <= 0 ? span.to.milliseconds : from + length
                let bars = (to - from + milliseconds - 1) / milliseconds
                let part = TimeRange(from: Timestamp(milliseconds: from), to: Timestamp(milliseconds: to))
                pages.append(Page(range: part, bars: Int(bars)))
                from = to
            }
        }
        self.pages = pages
    }

    /// The range that holds the newest bars that are over by an instant, this many of them.
    public static func range(ofNewest count: Int, boundaries: BarBoundaries, now: Timestamp) -> TimeRange {
        var bar = boundaries.latestBar(at: now)
        if bar.to > now { bar = boundaries.bar(before: bar.from) }
        let end = bar.to
        for _ in 1..<max(1, count) { bar = boundaries.bar(before: bar.from) }
        return TimeRange(from: bar.from, to: end)
    }
}
