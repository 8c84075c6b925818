import MarketData

/// Which bars a request means.
struct BarSpans {
    private let boundaries: BarBoundaries

    init(interval: Interval, calendar: TradingCalendar, segment: TradingCalendar.Segment) {
        boundaries = BarBoundaries(interval: interval, calendar: calendar, segment: segment)
    }

    /// The newest bars at a moment, ascending; short where history begins.
    func newest(_ count: Int, at moment: Timestamp) -> (spans: [TimeRange], isShort: Bool) {
        var spans: [TimeRange] = []
        var next = boundaries.latestBar(at: moment)
        while spans.count < count {
            guard let span = clipped(next) else { return (spans.reversed(), true) }
            spans.append(span)
            if span != next { return (spans.reversed(), spans.count < count) }
            next = boundaries.bar(before: next.from)
        }
        return (spans.reversed(), false)
    }

    /// The bars that open within a range and by a moment; short where the range begins before history.
    func opening(
        within range: TimeRange, at moment: Timestamp
    ) throws(MarketDataError) -> (spans: [TimeRange], isShort: Bool) {
        let isShort = range.from < historyBegins
        var spans: [TimeRange] = []
        var next = boundaries.firstBar(openingAtOrAfter: max(range.from, historyBegins))
        if isShort, let first = clipped(boundaries.latestBar(at: historyBegins)), first.from < next.from {
            spans = [first].filter { range.contains($0.from) && $0.from <= moment }
        }
        while next.from < range.to, next.from <= moment {
            guard spans.count < BarRequest.largestCount else {
                throw MarketDataError(
                    .tooLarge,
                    "the range from \(range.from) to \(range.to) holds more than \(BarRequest.largestCount) bars of "
                        + "\(boundaries.interval); ask for a shorter range or a longer interval"
                )
            }
            spans.append(next)
            next = boundaries.firstBar(openingAtOrAfter: next.to)
        }
        return (spans, isShort)
    }

    private var historyBegins: Timestamp {
        boundaries.calendar.timestamp(MockMarket.historyBegins, ClockTime(hour: 0, minute: 0))
    }

    /// The part of a bar that history covers; `nil` for none.
    private func clipped(_ span: TimeRange) -> TimeRange? {
        if span.from >= historyBegins { return span }
        guard span.to > historyBegins else { return nil }
        let first = boundaries.calendar.tradingDay(onOrAfter: MockMarket.historyBegins)
        guard let session = boundaries.calendar.session(on: first, segment: boundaries.segment),
            session.opens < span.to
        else { return nil }
        return TimeRange(from: session.opens, to: span.to)
    }
}
