extension TradingCalendar {
    /// How much a calendar knows of a day.
    public enum Evidence: Hashable, Sendable {
        /// The day is listed as a trading day with its hours: bars of its sessions must exist.
        case trading
        /// The day is listed as closed. A special session that was announced later is still possible, so this is no
        /// proof that nothing was traded.
        case closed
        /// The holidays of the year, or the hours of the segment, are not listed: nothing can be said.
        case unlisted
    }

    /// What the calendar knows of a day in a segment.
    ///
    /// A calendar says which bars must exist, never that none exists elsewhere: of what lies outside its sessions only a
    /// source's answer is proof, and bars that a source has there are real.
    public func evidence(for date: CalendarDate, segment: Segment = .cash) -> Evidence {
        guard case .indian(let open, let closed) = days else { return .trading }
        guard segment != .currency else { return .unlisted }
        if closed.contains(date) { return .closed }
        if open.contains(date) || tables.specialSessions[date] != nil { return .trading }
        guard tables.holidays.isListed(date.parts.year) else { return .unlisted }
        return tables.isTradingDay(date) ? .trading : .closed
    }

    /// Whether the bars of a day's sessions must exist: only then may the calendar prove that nothing is missing, or
    /// that something is.
    public func isEvidence(for date: CalendarDate, segment: Segment = .cash) -> Bool {
        evidence(for: date, segment: segment) == .trading
    }

    /// The sessions of a day, ascending; empty where there is no trading.
    public func sessions(on date: CalendarDate, segment: Segment = .cash) -> [TradingSession] {
        guard isTradingDay(date) else { return [] }
        let hours = hours(on: date, segment: segment)
        let ends = [hours.opens] + hours.pauses.flatMap { [$0.from, $0.to] } + [hours.closes]
        return stride(from: 0, to: ends.count, by: 2).map { index in
            TradingSession(date: date, opens: timestamp(date, ends[index]), closes: timestamp(date, ends[index + 1]))
        }
    }

    /// The spans of a day in which bars must exist: its sessions without the closing auction; empty where the day is
    /// not listed as a trading day.
    public func expectedSpans(on date: CalendarDate, segment: Segment = .cash) -> [TimeRange] {
        guard isEvidence(for: date, segment: segment) else { return [] }
        let end = timestamp(date, hours(on: date, segment: segment).continuousUntil)
        return sessions(on: date, segment: segment).compactMap { session in
            let to = min(session.closes, end)
            return session.opens < to ? TimeRange(from: session.opens, to: to) : nil
        }
    }

    /// Whether an instant lies in a session and not in its closing auction.
    public func tradesContinuously(at time: Timestamp, segment: Segment = .cash) -> Bool {
        guard let session = session(containing: time, segment: segment) else { return false }
        return time < timestamp(session.date, hours(on: session.date, segment: segment).continuousUntil)
    }

    /// The newest session that has opened by an instant, of several on a day the last such one.
    public func latestPart(at time: Timestamp, segment: Segment) -> TradingSession {
        let day = latestSession(at: time, segment: segment)
        guard !hours(on: day.date, segment: segment).pauses.isEmpty else { return day }
        return sessions(on: day.date, segment: segment).last { $0.opens <= time } ?? day
    }

    /// The first session that opens after an instant, of several on a day the first such one.
    public func nextPart(after time: Timestamp, segment: Segment) -> TradingSession {
        let today = date(at: time)
        if isTradingDay(today), !hours(on: today, segment: segment).pauses.isEmpty,
            let part = sessions(on: today, segment: segment).first(where: { time < $0.opens })
        {
            return part
        }
        let day = nextSession(after: time, segment: segment)
        guard !hours(on: day.date, segment: segment).pauses.isEmpty else { return day }
        return sessions(on: day.date, segment: segment).first ?? day
    }
}
