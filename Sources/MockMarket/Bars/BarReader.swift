import MarketData

/// Aggregates a symbol's path over spans that follow one another; remembers the day it read last.
struct BarReader {
    let listing: Listing
    let paths: PricePaths
    let calendar: TradingCalendar
    /// In which the aggregates are reported; `nil` for the path's own.
    let terms: PriceTerms?
    private var reader: DayReader?

    init(listing: Listing, paths: PricePaths, calendar: TradingCalendar, terms: PriceTerms? = nil) {
        self.terms = terms
        self.listing = listing
        self.paths = paths
        self.calendar = calendar
    }

    /// What happened in a span that opens within a session; spans of several sessions take in each of them.
    mutating func aggregate(over span: TimeRange) -> Aggregate {
        var session = currentSession(at: span.from)
        var made = part(of: session, over: span)
        while true {
            guard session.closes < span.to else { return made }
            session = calendar.nextSession(
                after: Timestamp(milliseconds: session.closes.milliseconds - 1), segment: listing.segment
            )
            guard session.opens < span.to else { return made }
            made.append(part(of: session, over: span))
        }
    }

    private mutating func part(of session: TradingSession, over span: TimeRange) -> Aggregate {
        let made = plainPart(of: session, over: span)
        guard let terms else { return made }
        return made.scaled(by: terms.scale(on: session.date))
    }

    private mutating func plainPart(of session: TradingSession, over span: TimeRange) -> Aggregate {
        guard !calendar.hours(on: session.date, segment: listing.segment).pauses.isEmpty else {
            return continuousPart(of: session, over: span)
        }
        // Nothing is traded in a pause, but the path continues.
        var reader = currentReader(of: session)
        var made: Aggregate?
        for part in calendar.sessions(on: session.date, segment: listing.segment) {
            let (from, to) = (max(span.from, part.opens), min(span.to, part.closes))
            guard from < to || (from == to && made == nil) else { continue }
            let aggregate = reader.aggregate(from: from, to: to)
            made?.append(aggregate)
            made = made ?? aggregate
        }
        self.reader = reader
        return made ?? continuousPart(of: session, over: span)
    }

    private mutating func continuousPart(of session: TradingSession, over span: TimeRange) -> Aggregate {
        let (from, to) = (max(span.from, session.opens), min(span.to, session.closes))
        if from == session.opens, to == session.closes { return paths.total(session, of: listing) }
        var reader = currentReader(of: session)
        let made = reader.aggregate(from: from, to: to)
        self.reader = reader
        return made
    }

    private func currentSession(at time: Timestamp) -> TradingSession {
        if let session = reader?.day.session, session.contains(time) { return session }
        return calendar.latestSession(at: time, segment: listing.segment)
    }

    private mutating func currentReader(of session: TradingSession) -> DayReader {
        if let reader, reader.day.session == session { return reader }
        return DayReader(paths.day(session, of: listing))
    }
}

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
                        + "\(boundaries.interval); request a shorter range or a longer interval"
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
