public import MarketData

/// The bars that must exist by the trading calendar: those that open within a range, each from opening to close.
///
/// Only days that the calendar lists count, and no closing auction; of other bars only a source's response says whether
/// they exist.
public struct ExpectedBars: Sequence, Sendable {
    private let boundaries: BarBoundaries
    private let range: TimeRange
    private let now: Timestamp?
    private let includesUnlisted: Bool

    /// The bars that open within a range and, where `now` is given, are over by then.
    /// - Parameters:
    ///   - boundaries: Where bars begin and end.
    ///   - range: The range in which the bars open.
    ///   - now: The time by which the bars are over; `nil` for bars of any time.
    ///   - includesUnlisted: Whether bars of days that the calendar does not list count too, by the usual hours.
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
        private var upcoming: TimeRange
        /// Of an interval within the day, the session that `upcoming` lies in.
        private var session: TradingSession?
        /// Bars of the session that open before this are expected.
        private var expectedUntil = TimeRange.always.from

        init(bars: ExpectedBars) {
            self.bars = bars
            upcoming = bars.range
            guard bars.range.from < bars.range.to else { return }
            upcoming = bars.boundaries.firstBar(openingAtOrAfter: bars.range.from)
            guard bars.boundaries.interval.isIntraday else { return }
            enter(bars.boundaries.calendar.latestPart(at: upcoming.from, segment: bars.boundaries.segment))
        }

        /// The next bar, from its opening to its close.
        public mutating func next() -> TimeRange? {
            while upcoming.from < bars.range.to {
                let bar = upcoming
                if let now = bars.now, bar.to > now { return nil }
                let isExpected = session == nil ? bars.isExpected(bar) : bar.from < expectedUntil
                upcoming = following(isExpected ? bar.to : session?.closes ?? bar.to)
                if isExpected { return bar }
            }
            return nil
        }

        private mutating func enter(_ session: TradingSession) {
            let (calendar, segment) = (bars.boundaries.calendar, bars.boundaries.segment)
            self.session = session
            if bars.boundaries.isUnlisted(at: session.opens) {
                expectedUntil = bars.includesUnlisted ? session.closes : session.opens
            } else {
                let spans = calendar.expectedSpans(on: session.date, segment: segment)
                expectedUntil = spans.first { $0.from == session.opens }?.to ?? session.opens
            }
        }

        /// The bar that follows the one that ends at an instant.
        private mutating func following(_ end: Timestamp) -> TimeRange {
            let boundaries = bars.boundaries
            guard let length = boundaries.interval.seconds, let session else {
                return boundaries.firstBar(openingAtOrAfter: upcoming.from.next)
            }
            var (opens, closes) = (end, session.closes)
            if opens >= closes {
                let next = boundaries.calendar.nextPart(after: closes.previous, segment: boundaries.segment)
                enter(next)
                (opens, closes) = (next.opens, next.closes)
            }
            return TimeRange(from: opens, to: Swift.min(opens.advanced(bySeconds: length), closes))
        }
    }

    private func isExpected(_ bar: TimeRange) -> Bool {
        boundaries.isExpected(bar) || includesUnlisted && boundaries.isUnlisted(at: bar.from)
    }
}

extension BarBoundaries {
    /// Whether the calendar does not list the day of an instant.
    func isUnlisted(at time: Timestamp) -> Bool {
        calendar.evidence(for: calendar.date(at: time), segment: segment) == .unlisted
    }
}
