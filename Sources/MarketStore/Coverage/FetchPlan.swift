public import MarketData

/// The requests that complete a range: only the missing spans, in pages.
public struct FetchPlan: Hashable, Sendable {
    /// One request to a source.
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

    /// How many bars are requested.
    public var bars: Int { pages.reduce(0) { $0 + $1.bars } }

    /// Pages over the spans that nothing is known of, each of at most `pageSize` bars by the calendar, where one is known,
    /// otherwise as if trading never stopped.
    ///
    /// Spans with no stored bar between them, and spans without trading, share a page.
    /// - Parameters:
    ///   - unknown: Ascending.
    ///   - openings: Of the stored bars, ascending.
    public init(
        unknown: [TimeRange], openings: [Timestamp], interval: Interval, boundaries: BarBoundaries?, pageSize: Int
    ) {
        guard let boundaries else {
            pages = unknown.flatMap { FetchPlan.pages(over: $0, interval, pageSize) }
            return
        }
        var pages: [Page] = []
        /// All bars of the last page by the calendar, stored ones too.
        var load = 0
        for span in unknown.flatMap({ FetchPlan.pages(over: $0, boundaries, pageSize) }) {
            if let last = pages.last {
                let between = TimeRange(from: last.range.to, to: span.range.from)
                let stored = boundaries.count(in: between, upTo: pageSize)
                let isNear = last.bars == 0 || span.bars == 0 || stored == 0 && !openings.haveAny(in: between)
                if isNear, load + stored + span.bars <= pageSize {
                    load += stored + span.bars
                    pages[pages.count - 1] = Page(
                        range: TimeRange(from: last.range.from, to: span.range.to), bars: last.bars + span.bars)
                    continue
                }
            }
            pages.append(span)
            load = span.bars
        }
        self.pages = pages
    }

    /// A span in pages by a calendar; the last one reaches over the time without trading after it.
    private static func pages(over span: TimeRange, _ boundaries: BarBoundaries, _ pageSize: Int) -> [Page] {
        var pages: [Page] = []
        var (from, count) = (span.from, 0)
        for bar in ExpectedBars(boundaries: boundaries, within: span, includesUnlisted: true) {
            if count == pageSize {
                pages.append(Page(range: TimeRange(from: from, to: bar.from), bars: count))
                (from, count) = (bar.from, 0)
            }
            count += 1
        }
        return pages + [Page(range: TimeRange(from: from, to: span.to), bars: count)]
    }

    private static func pages(over span: TimeRange, _ interval: Interval, _ pageSize: Int) -> [Page] {
        let milliseconds = interval.shortestSeconds * 1000
        let (page, isBeyond) = milliseconds.multipliedReportingOverflow(by: Int64(max(1, pageSize)))
        let step = isBeyond ? Int64.max : page
        var pages: [Page] = []
        var from = span.from.milliseconds
        while from < span.to.milliseconds {
            let length = min(step, span.to.milliseconds &- from)
            let to = length <= 0 ? span.to.milliseconds : from + length
            let bars = (to - from + milliseconds - 1) / milliseconds
            let part = TimeRange(from: Timestamp(milliseconds: from), to: Timestamp(milliseconds: to))
            pages.append(Page(range: part, bars: Int(bars)))
            from = to
        }
        return pages
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

extension BarBoundaries {
    /// How many bars there are in a range by the calendar, counted no farther than to a limit and one more.
    fileprivate func count(in range: TimeRange, upTo most: Int) -> Int {
        var count = 0
        for _ in ExpectedBars(boundaries: self, within: range, includesUnlisted: true) {
            count += 1
            if count > most { break }
        }
        return count
    }
}

extension [Timestamp] {
    /// Whether one of the ascending times lies in a range.
    fileprivate func haveAny(in range: TimeRange) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < range.from { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] < range.to
    }
}
