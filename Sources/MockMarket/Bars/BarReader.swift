import MarketData

/// Aggregates a symbol's path over spans that follow one another; remembers the day it read last.
struct BarReader {
    let listing: Listing
    let paths: PricePaths
    let calendar: TradingCalendar
    /// In which the aggregates are told; `nil` for the path's own.
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
        // Nothing is traded in a pause, though the path goes on.
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
