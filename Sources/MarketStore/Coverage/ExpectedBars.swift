public import MarketData

/// The bars that must exist by the trading calendar: those that open within a range, each from opening to close.
///
/// Only days that the calendar lists count, and no closing auction; of other bars only a source's response says whether
/// they exist.
public struct ExpectedBars: Sequence, Sendable {
    /// Where bars begin and end.
    public let boundaries: BarBoundaries
    /// Where they open.
    public let range: TimeRange
    /// Bars that are not over by then are not expected.
    public let now: Timestamp?
    /// Whether bars of days that the calendar does not list count too, by the usual hours.
    public let includesUnlisted: Bool

    /// The bars that open within a range and, where `now` is given, are over by then.
    public init(
        boundaries: BarBoundaries, within range: TimeRange, now: Timestamp? = nil, includesUnlisted: Bool = false
    ) {
        self.boundaries = boundaries
        self.range = range
        self.now = now
        self.includesUnlisted = includesUnlisted
    }

    /// Ascending.
    public func makeIterator() -> Iterator { Iterator(bars: self) }

    /// Goes through the bars, session by session.
    public struct Iterator: IteratorProtocol {
        private let bars: ExpectedBars
        private var upcoming: TimeRange?
        private var session: TradingSession?
        /// Bars of the session that open before this must exist.
        private var provenUntil: Timestamp?

        init(bars: ExpectedBars) {
            self.bars = bars
            guard bars.range.from < bars.range.to else { return }
            let first = bars.boundaries.firstBar(openingAtOrAfter: bars.range.from)
            upcoming = first
            guard bars.boundaries.interval.isIntraday else { return }
            enter(bars.boundaries.calendar.latestPart(at: first.from, segment: bars.boundaries.segment))
        }

        /// The next bar, from its opening to its close.
        public mutating func next() -> TimeRange? {
            while let bar = upcoming, bar.from < bars.range.to {
                if let now = bars.now, bar.to > now { return nil }
                let isProven = isProven(bar)
                upcoming = following(bar, skipsSession: !isProven)
                if isProven { return bar }
            }
            return nil
        }

        private func isProven(_ bar: TimeRange) -> Bool {
            if session != nil { return provenUntil.map { bar.from < $0 } ?? false }
            return bars.boundaries.isExpected(bar) || bars.includesUnlisted && bars.isUnlisted(bar.from)
        }

        private mutating func enter(_ session: TradingSession) {
            self.session = session
            let (calendar, segment) = (bars.boundaries.calendar, bars.boundaries.segment)
            provenUntil =
                bars.isUnlisted(session.opens)
                ? bars.includesUnlisted ? session.closes : nil
                : calendar.expectedSpans(on: session.date, segment: segment).first { $0.from == session.opens }?.to
        }

        private mutating func following(_ bar: TimeRange, skipsSession: Bool) -> TimeRange? {
            let boundaries = bars.boundaries
            guard let length = boundaries.interval.seconds, var session else {
                let after = Timestamp(milliseconds: bar.from.milliseconds + 1)
                return boundaries.firstBar(openingAtOrAfter: after)
            }
            var opens = bar.to
            if skipsSession || opens >= session.closes {
                let end = Timestamp(milliseconds: session.closes.milliseconds - 1)
                session = boundaries.calendar.nextPart(after: end, segment: boundaries.segment)
                enter(session)
                opens = session.opens
            }
            return TimeRange(from: opens, to: Swift.min(opens.advanced(bySeconds: length), session.closes))
        }
    }

    func isUnlisted(_ time: Timestamp) -> Bool {
        boundaries.calendar.evidence(for: boundaries.calendar.date(at: time), segment: boundaries.segment) == .unlisted
    }
}

/// Compares what must exist with what is known: coverage says what sources answered, stored bars prove themselves, and the
/// calendar is evidence that a bar is missing, never that there is none.
public struct GapFinder: Sendable {
    /// While the calendar lists no trading, times that ended more recently than this are not requested.
    public static let closedSeconds: Int64 = 900

    /// The length of a bar.
    public let interval: Interval
    /// Where bars begin and end; `nil` where no calendar is known.
    public let boundaries: BarBoundaries?
    /// Bars that are not over by then are not expected.
    public let now: Timestamp

    /// Finds gaps as of an instant, by a calendar where one is known.
    public init(interval: Interval, boundaries: BarBoundaries?, now: Timestamp) {
        self.interval = interval
        self.boundaries = boundaries
        self.now = now
    }

    /// The spans of a range to fetch, ascending: those never requested, or that lost a bar.
    /// - Parameter openings: Of the stored final bars, ascending.
    public func unknown(in range: TimeRange, coverage: CoverageMap, openings: [Timestamp]) -> [TimeRange] {
        knowledge(in: range, coverage: coverage, openings: openings)
            .missing(in: dueRange(range, coverage: coverage, openings: openings))
    }

    /// The states of a range (data, empty, missing), without a gap between. Time without trading, by a calendar that lists
    /// the day, is `closed`, requested or not, unless bars are stored there. A bar that is still forming
    /// is left out.
    public func spans(in range: TimeRange, coverage: CoverageMap, openings: [Timestamp]) -> [CoverageSpan] {
        let due = dueRange(range, coverage: coverage, openings: openings)
        let known = knowledge(in: range, coverage: coverage, openings: openings)
        guard let boundaries else { return known.spans(in: due) }
        let stored = CoverageMap(ownSpans(of: openings).map { CoverageSpan($0, .had) })
        var found = SpanList()
        var cursor = due.from
        func addClosed(until end: Timestamp) {
            guard cursor < end else { return }
            for part in listedParts(TimeRange(from: cursor, to: end), boundaries) {
                for span in known.spans(in: part.range) {
                    guard part.isListed else {
                        found.append(span)
                        continue
                    }
                    for own in stored.spans(in: span.range) {
                        found.append(CoverageSpan(own.range, own.state == .had ? .had : .empty(.closed)))
                    }
                }
            }
            cursor = end
        }
        for bar in ExpectedBars(boundaries: boundaries, within: range, now: now) where bar.from < due.to {
            addClosed(until: bar.from)
            // A bar that opened before the range, or reaches beyond it, is judged as far as it lies within.
            let part = TimeRange(from: max(cursor, bar.from), to: min(bar.to, due.to))
            guard part.from < part.to else { continue }
            found.append(CoverageSpan(part, known.state(at: bar.from)))
            cursor = part.to
        }
        addClosed(until: due.to)
        return found.spans
    }

    /// Coverage, with what the stored bars and the calendar say beside it.
    private func knowledge(in range: TimeRange, coverage: CoverageMap, openings: [Timestamp]) -> CoverageMap {
        var known = coverage
        for span in ownSpans(of: openings) { known.add(CoverageSpan(span, .had)) }
        guard let boundaries else { return known }
        var stored = openings[...]
        var lost: [TimeRange] = []
        for bar in ExpectedBars(boundaries: boundaries, within: range, now: now) {
            while let first = stored.first, first < bar.from { stored.removeFirst() }
            if stored.first != bar.from, coverage.state(at: bar.from) == .had { lost.append(bar) }
        }
        for bar in lost { known.remove(bar) }
        return known
    }

    /// The times of stored bars, neighbours joined.
    private func ownSpans(of openings: [Timestamp]) -> [TimeRange] {
        var spans: [TimeRange] = []
        var bar: TimeRange?
        for opening in openings {
            let isNext = bar.map { $0.to == opening && interval.isIntraday } ?? false
            let end = isNext ? length(from: opening) : boundaries?.bar(containing: opening)?.to ?? length(from: opening)
            bar = TimeRange(from: opening, to: end)
            if let last = spans.last, last.to >= opening {
                spans[spans.count - 1] = TimeRange(from: last.from, to: max(end, last.to))
            } else {
                spans.append(TimeRange(from: opening, to: end))
            }
        }
        return spans
    }

    private func length(from opening: Timestamp) -> Timestamp {
        opening.advanced(bySeconds: interval.seconds ?? 1)
    }

    /// The parts of a range whose days the calendar lists, and those that it does not, ascending.
    private func listedParts(
        _ range: TimeRange, _ boundaries: BarBoundaries
    ) -> [(range: TimeRange, isListed: Bool)] {
        let (calendar, segment) = (boundaries.calendar, boundaries.segment)
        var parts: [(range: TimeRange, isListed: Bool)] = []
        var date = calendar.date(at: range.from)
        var from = range.from
        while from < range.to {
            date = date.advanced(byDays: 1)
            let to = min(range.to, calendar.timestamp(date, ClockTime(secondsAfterMidnight: 0)))
            let isListed = calendar.evidence(for: calendar.date(at: from), segment: segment) != .unlisted
            if let last = parts.last, last.isListed == isListed {
                parts[parts.count - 1].range = TimeRange(from: last.range.from, to: to)
            } else {
                parts.append((TimeRange(from: from, to: to), isListed))
            }
            from = max(to, from.advanced(bySeconds: 1))
        }
        return parts
    }

    /// The part of a range that can be known now: without a bar that is not over, and without an unknown end too short to
    /// fetch.
    private func dueRange(_ range: TimeRange, coverage: CoverageMap, openings: [Timestamp]) -> TimeRange {
        var due = TimeRange(from: range.from, to: max(range.from, min(range.to, now)))
        if let boundaries {
            if let cut = boundaries.bar(containing: due.from), cut.from < due.from {
                due = TimeRange(from: min(cut.to, due.to), to: due.to)
            }
            let latest = boundaries.latestBar(at: now)
            guard latest.to <= now else {
                return TimeRange(from: due.from, to: max(due.from, min(due.to, latest.from)))
            }
            guard range.to >= now else { return due }
            // A special session may be going on: its bars are as new as those of any other.
            let recent = now.advanced(bySeconds: -GapFinder.closedSeconds - interval.longestSeconds)
            let isTrading = openings.last.map { $0 >= max(latest.to, recent) } ?? false || isUnlisted(boundaries)
            let patience = isTrading ? interval.longestSeconds : GapFinder.closedSeconds
            let known = max(coverage.spans.last { $0.range.from < due.to }?.range.to ?? latest.to, latest.to)
            let isShort = known.advanced(bySeconds: patience) > due.to
            return isShort ? TimeRange(from: due.from, to: max(due.from, min(due.to, known))) : due
        }
        let known = knowledge(in: range, coverage: coverage, openings: openings)
        guard due.from < due.to, range.to >= now, let tail = known.missing(in: due).last, tail.to == due.to,
            tail.to < tail.from.advanced(bySeconds: interval.longestSeconds)
        else { return due }
        return TimeRange(from: due.from, to: tail.from)
    }

    private func isUnlisted(_ boundaries: BarBoundaries) -> Bool {
        let calendar = boundaries.calendar
        return calendar.evidence(for: calendar.date(at: now), segment: boundaries.segment) == .unlisted
    }
}

/// Spans in order, neighbours in one state joined.
private struct SpanList {
    var spans: [CoverageSpan] = []

    mutating func append(_ span: CoverageSpan) {
        guard let last = spans.last, last.state == span.state, last.range.to == span.range.from else {
            return spans.append(span)
        }
        spans[spans.count - 1] = CoverageSpan(TimeRange(from: last.range.from, to: span.range.to), span.state)
    }
}
