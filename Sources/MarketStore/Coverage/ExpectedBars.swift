public import MarketData

/// The bars that must exist by the trading calendar: those that open within a range, each from opening to close.
public struct ExpectedBars: Sequence, Sendable {
    /// Where bars begin and end.
    public let boundaries: BarBoundaries
    /// Where they open.
    public let range: TimeRange
    /// Bars that are not over by then are not expected.
    public let now: Timestamp?

    /// The bars that open within a range and, where `now` is given, are over by then.
    public init(boundaries: BarBoundaries, within range: TimeRange, now: Timestamp? = nil) {
        self.boundaries = boundaries
        self.range = range
        self.now = now
    }

    /// Ascending.
    public func makeIterator() -> Iterator { Iterator(bars: self) }

    /// Goes through the bars, session by session.
    public struct Iterator: IteratorProtocol {
        private let bars: ExpectedBars
        private var upcoming: TimeRange?
        private var session: TradingSession?

        init(bars: ExpectedBars) {
            self.bars = bars
            guard bars.range.from < bars.range.to else { return }
            let first = bars.boundaries.firstBar(openingAtOrAfter: bars.range.from)
            upcoming = first
            guard bars.boundaries.interval.isIntraday else { return }
            let (calendar, segment) = (bars.boundaries.calendar, bars.boundaries.segment)
            session = calendar.latestPart(at: first.from, segment: segment)
        }

        /// The next bar, from its opening to its close.
        public mutating func next() -> TimeRange? {
            guard let bar = upcoming, bar.from < bars.range.to else { return nil }
            if let now = bars.now, bar.to > now { return nil }
            upcoming = following(bar)
            return bar
        }

        private mutating func following(_ bar: TimeRange) -> TimeRange? {
            let boundaries = bars.boundaries
            guard let length = boundaries.interval.seconds, var session else {
                let after = Timestamp(milliseconds: bar.from.milliseconds + 1)
                return boundaries.firstBar(openingAtOrAfter: after)
            }
            var opens = bar.to
            if opens >= session.closes {
                let (calendar, segment) = (boundaries.calendar, boundaries.segment)
                let end = Timestamp(milliseconds: session.closes.milliseconds - 1)
                session = calendar.nextPart(after: end, segment: segment)
                self.session = session
                opens = session.opens
            }
            return TimeRange(from: opens, to: Swift.min(opens.advanced(bySeconds: length), session.closes))
        }
    }
}

/// Compares what should be there with what is: a bar that the calendar expects is had where it is stored,
/// empty where its absence was proven, and otherwise missing, even where coverage says that all is had.
public struct GapFinder: Sendable {
    /// Where bars begin and end.
    public let boundaries: BarBoundaries
    /// The bars that are not over by then are not expected.
    public let now: Timestamp

    /// Finds gaps by a calendar, as of an instant.
    public init(boundaries: BarBoundaries, now: Timestamp) {
        self.boundaries = boundaries
        self.now = now
    }

    /// What is had, empty and missing in a range, without a hole between; nights and holidays are empty as `closed`. A
    /// bar that opened before the range, and one that is still forming, are left out. `openings` ascend.
    public func spans(in range: TimeRange, coverage: CoverageMap, openings: [Timestamp]) -> [CoverageSpan] {
        var found: [CoverageSpan] = []
        var cursor = boundaries.bar(containing: range.from).flatMap { $0.from < range.from ? $0.to : nil } ?? range.from
        func append(_ to: Timestamp, _ state: CoverageState) {
            let end = min(to, range.to)
            guard cursor < end else { return }
            if let last = found.last, last.state == state {
                found[found.count - 1] = CoverageSpan(TimeRange(from: last.range.from, to: end), state)
            } else {
                found.append(CoverageSpan(TimeRange(from: cursor, to: end), state))
            }
            cursor = end
        }
        forEachBar(in: range, coverage: coverage, openings: openings) { bar, state in
            append(bar.from, .empty(.closed))
            append(bar.to, state)
        }
        append(boundaries.bar(containing: now)?.from ?? now, .empty(.closed))
        return found
    }

    /// The bars to be fetched, each from opening to close. `openings` ascend.
    public func missingBars(in range: TimeRange, coverage: CoverageMap, openings: [Timestamp]) -> [TimeRange] {
        var missing: [TimeRange] = []
        forEachBar(in: range, coverage: coverage, openings: openings) { bar, state in
            if state == .missing { missing.append(bar) }
        }
        return missing
    }

    /// Goes through the expected bars and says of each whether it is had, empty or missing. `openings` ascend.
    func forEachBar(
        in range: TimeRange, coverage: CoverageMap, openings: [Timestamp], _ body: (TimeRange, CoverageState) -> Void
    ) {
        var stored = openings[...]
        for bar in ExpectedBars(boundaries: boundaries, within: range, now: now) {
            while let first = stored.first, first < bar.from { stored.removeFirst() }
            if stored.first == bar.from {
                body(bar, .had)
            } else {
                let known = coverage.state(at: bar.from)
                body(bar, known == .had ? .missing : known)
            }
        }
    }
}
