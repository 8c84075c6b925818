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
