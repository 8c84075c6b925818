public import MarketData

/// The requests that complete a range: only the unknown spans, in pages.
public struct FetchPlan: Hashable, Sendable {
    /// One request to a source.
    public struct Page: Hashable, Sendable {
        /// The bars that open within this range.
        public let range: TimeRange
        /// How many bars that is, at the most.
        public let bars: Int
    }

    /// Ascending; none holds a bar that is there already.
    public let pages: [Page]

    /// How many bars are requested.
    public var bars: Int { pages.reduce(0) { $0 + $1.bars } }

    /// Pages over the unknown spans, each of at most `pageSize` bars by the calendar, where one is known, otherwise as if
    /// trading never stopped.
    ///
    /// Spans with no stored bar between them, and spans without trading, share a page.
    init(_ survey: SeriesSurvey, pageSize: Int) {
        guard let boundaries = survey.boundaries else {
            pages = survey.unknown.flatMap { FetchPlan.pages(over: $0, survey.key.interval, pageSize) }
            return
        }
        var pages: [Page] = []
        /// All bars of the last page by the calendar, stored ones too.
        var load = 0
        for page in survey.unknown.flatMap({ FetchPlan.pages(over: $0, boundaries, pageSize) }) {
            if let last = pages.last {
                let between = TimeRange(from: last.range.to, to: page.range.from)
                let stored = FetchPlan.bars(in: between, boundaries).reduce(0) { count, _ in count + 1 }
                let isNear = last.bars == 0 || page.bars == 0 || stored == 0 && !survey.openings.haveAny(in: between)
                if isNear, load + stored + page.bars <= pageSize {
                    load += stored + page.bars
                    let whole = TimeRange(from: last.range.from, to: page.range.to)
                    pages[pages.count - 1] = Page(range: whole, bars: last.bars + page.bars)
                    continue
                }
            }
            pages.append(page)
            load = page.bars
        }
        self.pages = pages
    }

    /// A span in pages by a calendar; the last one reaches over the time without trading after it.
    private static func pages(over span: TimeRange, _ boundaries: BarBoundaries, _ pageSize: Int) -> [Page] {
        var pages: [Page] = []
        var (from, count) = (span.from, 0)
        for bar in bars(in: span, boundaries) {
            if count == pageSize {
                pages.append(Page(range: TimeRange(from: from, to: bar.from), bars: count))
                (from, count) = (bar.from, 0)
            }
            count += 1
        }
        return pages + [Page(range: TimeRange(from: from, to: span.to), bars: count)]
    }

    private static func pages(over span: TimeRange, _ interval: Interval, _ pageSize: Int) -> [Page] {
        let length = interval.shortestSeconds
        let (step, isBeyond) = length.multipliedReportingOverflow(by: Int64(max(1, pageSize)))
        var pages: [Page] = []
        var from = span.from
        while from < span.to {
            let to = isBeyond ? span.to : min(span.to, from.advanced(bySeconds: step))
            let bars = max(1, (to.seconds - from.seconds + length - 1) / length)
            pages.append(Page(range: TimeRange(from: from, to: to), bars: Int(bars)))
            from = to
        }
        return pages
    }

    private static func bars(in range: TimeRange, _ boundaries: BarBoundaries) -> ExpectedBars {
        ExpectedBars(boundaries: boundaries, within: range, includesUnlisted: true)
    }
}

extension BarBoundaries {
    /// The range that holds the `count` newest bars that are over by an instant.
    package func range(ofNewest count: Int, at now: Timestamp) -> TimeRange {
        var bar = latestBar(at: now)
        if bar.to > now { bar = self.bar(before: bar.from) }
        let end = bar.to
        for _ in 1..<max(1, count) { bar = self.bar(before: bar.from) }
        return TimeRange(from: bar.from, to: end)
    }
}

extension [Timestamp] {
    /// Whether one of the ascending times lies in a range.
    fileprivate func haveAny(in range: TimeRange) -> Bool {
        let index = lowerBound { $0 >= range.from }
        return index < count && self[index] < range.to
    }
}
