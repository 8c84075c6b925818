public import MarketData

/// What is known of a series over a range, as of a moment: coverage says what sources returned, stored bars are
/// data, and the calendar is evidence that a bar is missing, never that there is none.
public struct SeriesSurvey: Sendable {
    /// While the calendar lists no trading, times that ended more recently than this are not requested.
    private static let closedSeconds: Int64 = 900

    /// The series.
    public let key: SeriesKey
    /// The range of the survey.
    public let range: TimeRange
    /// Where bars begin and end; `nil` where the exchange's calendar is not known.
    public let boundaries: BarBoundaries?
    /// The moment; bars that are not over by then are not expected.
    public let now: Timestamp
    /// The first instant that the store's policy keeps, where that cuts the range; bars before it are not missing.
    public let keptSince: Timestamp?
    /// What sources returned, and what retention removed.
    package let coverage: CoverageMap
    /// Of the stored final bars, ascending.
    let openings: [Timestamp]
    /// The stored bars, where they were read.
    package private(set) var bars: StoredBars?
    /// As of when the newest stored bar of the series was reported, in the range or not.
    package let newestAsOf: Timestamp?
    /// Coverage and the time of each stored bar, without expected bars that coverage has and the store lost.
    private var known: CoverageMap
    /// The part of the range that can be known now.
    private let due: TimeRange

    /// Reads what a store has. What its retention policy does not keep counts as removed, also where it never was.
    /// - Throws: `StoreError`.
    public init(
        of key: SeriesKey, over range: TimeRange, in store: any BarStore, boundaries: BarBoundaries?, now: Timestamp
    ) async throws(StoreError) {
        try await self.init(of: key, over: range, in: store, withBars: false, boundaries: boundaries, now: now)
    }

    /// - Parameter withBars: Whether to read the bars, not only when they open.
    package init(
        of key: SeriesKey, over range: TimeRange, in store: any BarStore, withBars: Bool,
        boundaries: BarBoundaries?, now: Timestamp
    ) async throws(StoreError) {
        var coverage = try await store.coverage(of: key, in: range)
        let cutoff = try await store.retentionPolicy().cutoff(for: key.interval, now: now)
        let keptSince = cutoff.flatMap { range.from < $0 ? $0 : nil }
        if let keptSince {
            coverage.add(CoverageSpan(TimeRange(from: range.from, to: min(keptSince, range.to)), .removed))
        }
        let bars = withBars ? try await store.bars(of: key, in: range) : nil
        let openings = if let bars { bars.openings } else { try await store.openings(of: key, in: range) }
        self.init(
            of: key, over: range, coverage: coverage, openings: openings, boundaries: boundaries, now: now,
            keptSince: keptSince,
            newestAsOf: try await store.newestBars(of: key, count: 1).stretches.last?.provenance.asOf)
        self.bars = bars
    }

    package init(
        of key: SeriesKey, over range: TimeRange, coverage: CoverageMap, openings: [Timestamp],
        boundaries: BarBoundaries?, now: Timestamp, keptSince: Timestamp? = nil, newestAsOf: Timestamp? = nil
    ) {
        self.key = key
        self.range = range
        self.coverage = coverage
        self.openings = openings
        self.boundaries = boundaries
        self.now = now
        self.keptSince = keptSince
        self.newestAsOf = newestAsOf
        var known = coverage
        for span in key.interval.spans(of: openings, boundaries) { known.add(CoverageSpan(span, .hasData)) }
        if let boundaries {
            var stored = openings[...]
            for bar in ExpectedBars(boundaries: boundaries, within: range, now: now) {
                while let first = stored.first, first < bar.from { stored.removeFirst() }
                if stored.first != bar.from, coverage.state(at: bar.from) == .hasData { known.remove(bar) }
            }
        }
        self.known = known
        due = SeriesSurvey.due(range, key.interval, known, openings.last, boundaries, now)
    }
}

extension SeriesSurvey {
    /// The spans to be fetched, ascending: those that were never requested, or that lost a bar.
    package var unknown: [TimeRange] { known.unknown(in: due) }

    /// What is missing, ascending: the unknown ones without the time in which, by the calendar, nothing is traded.
    public var missing: [TimeRange] {
        var missing = RangeSet(unknown)
        missing.subtract(closed)
        return missing.spans
    }

    /// The requests after which nothing is unknown.
    public func plan(pageSize: Int) -> FetchPlan { FetchPlan(self, pageSize: pageSize) }

    /// The same where some spans are known to hold nothing.
    package func without(_ spans: [TimeRange]) -> SeriesSurvey {
        var survey = self
        for span in spans { survey.known.add(CoverageSpan(span, .empty(.noTrades))) }
        return survey
    }

    /// The spans that are over, ascending, without a gap between. Time without trading, by a calendar that lists the day,
    /// is `closed`, requested or not, unless bars are stored there.
    public var spans: [SeriesCoverage.Span] {
        let closed = closed
        var spans: [SeriesCoverage.Span] = []
        for span in known.spans(in: due) {
            let all = RangeSet([span.range])
            let parts =
                all.intersection(closed).spans.map { SeriesCoverage.Span(range: $0, state: .empty, reason: "closed") }
                + all.subtracting(closed).spans.map { SeriesCoverage.Span(CoverageSpan($0, span.state)) }
            for part in parts.sorted(by: { $0.range.from < $1.range.from }) {
                if let last = spans.last, last.state == part.state, last.reason == part.reason {
                    spans[spans.count - 1] = last.extended(to: part.range.to)
                } else {
                    spans.append(part)
                }
            }
        }
        return spans
    }

    /// The time without trading on days that the calendar lists, as far as no bars are stored there.
    private var closed: RangeSet<Timestamp> {
        guard let boundaries else { return RangeSet() }
        let calendar = boundaries.calendar
        var days: [TimeRange] = []
        var from = due.from
        while from < due.to {
            let next = calendar.timestamp(
                calendar.date(at: from).advanced(byDays: 1), ClockTime(secondsAfterMidnight: 0))
            if !boundaries.isUnlisted(at: from) { days.join(TimeRange(from: from, to: min(due.to, next))) }
            from = next
        }
        var traded: [TimeRange] = []
        for bar in ExpectedBars(boundaries: boundaries, within: due, now: now) { traded.join(bar) }
        var closed = RangeSet(days)
        closed.subtract(RangeSet(traded))
        closed.subtract(RangeSet(key.interval.spans(of: openings, boundaries)))
        return closed
    }
}

extension SeriesSurvey {
    /// From the first bar that opens in the range to the last one that is over, without an unknown end that is too short
    /// to fetch.
    private static func due(
        _ range: TimeRange, _ interval: Interval, _ known: CoverageMap, _ newest: Timestamp?,
        _ boundaries: BarBoundaries?, _ now: Timestamp
    ) -> TimeRange {
        var (from, to) = (range.from, max(range.from, min(range.to, now)))
        if let cut = boundaries?.bar(containing: from), cut.from < from { from = min(cut.to, to) }
        let latest = boundaries?.latestBar(at: now)
        if let latest, latest.to > now {
            to = min(to, latest.from)
        } else if range.to >= now {
            let traded = latest?.to ?? from
            // A special session may be going on: its bars are as new as those of any other.
            let recent = now.advanced(bySeconds: -closedSeconds - interval.longestSeconds)
            let mayTrade = boundaries?.isUnlisted(at: now) ?? true || newest.map { $0 >= max(traded, recent) } ?? false
            let shortest = mayTrade ? interval.longestSeconds : closedSeconds
            let knownTo = max(traded, known.spans.last { $0.range.from < to }?.range.to ?? traded)
            if knownTo.advanced(bySeconds: shortest) > to { to = min(to, knownTo) }
        }
        return TimeRange(from: from, to: max(from, to))
    }
}

extension Interval {
    /// The times of bars from their openings, neighbours joined.
    fileprivate func spans(of openings: [Timestamp], _ boundaries: BarBoundaries?) -> [TimeRange] {
        var spans: [TimeRange] = []
        var last: Timestamp?
        for opening in openings {
            let close = opening.advanced(bySeconds: seconds ?? 1)
            let isNext = opening == last && isIntraday
            let end = isNext ? close : boundaries?.bar(containing: opening)?.to ?? close
            spans.join(TimeRange(from: opening, to: end))
            last = end
        }
        return spans
    }
}

extension SeriesCoverage.Span {
    fileprivate init(_ span: CoverageSpan) {
        switch span.state {
        case .hasData: self.init(range: span.range, state: .had)
        case .unknown: self.init(range: span.range, state: .missing)
        case .removed, .empty: self.init(range: span.range, state: .empty, reason: span.state.description)
        }
    }

    /// The same up to a later instant.
    package func extended(to end: Timestamp) -> SeriesCoverage.Span {
        SeriesCoverage.Span(range: TimeRange(from: range.from, to: end), state: state, reason: reason)
    }
}

extension [TimeRange] {
    /// Appends a range after the others, as one with the last where they touch or overlap.
    package mutating func join(_ range: TimeRange) {
        guard let last, last.to >= range.from else { return append(range) }
        self[count - 1] = TimeRange(from: last.from, to: Swift.max(last.to, range.to))
    }
}

extension RangeSet<Timestamp> {
    /// The time that some ranges hold.
    package init(_ ranges: [TimeRange]) {
        self.init(ranges.lazy.filter { $0.from < $0.to }.map { $0.from..<$0.to })
    }

    /// Its parts, ascending.
    package var spans: [TimeRange] { ranges.map { TimeRange(from: $0.lowerBound, to: $0.upperBound) } }
}
