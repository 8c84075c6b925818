extension TradingCalendar {
    /// How far a search for a trading day goes; no exchange stays shut so long.
    private static let longestClosure = 60

    /// The day itself if there is trading, otherwise the last trading day before it.
    public func tradingDay(onOrBefore date: CalendarDate) -> CalendarDate {
        nearest(from: date, step: -1)
    }

    /// The day itself if there is trading, otherwise the first trading day after it.
    public func tradingDay(onOrAfter date: CalendarDate) -> CalendarDate {
        nearest(from: date, step: 1)
    }

    /// The last trading day before a day.
    public func tradingDay(before date: CalendarDate) -> CalendarDate {
        tradingDay(onOrBefore: date.advanced(byDays: -1))
    }

    /// The first trading day after a day.
    public func tradingDay(after date: CalendarDate) -> CalendarDate {
        tradingDay(onOrAfter: date.advanced(byDays: 1))
    }

    /// The day on which options expire that would expire on a day: that day, or the last one before it that trades as
    /// usual. Nothing expires in a special session.
    func expiryDay(onOrBefore date: CalendarDate) -> CalendarDate {
        var day = date
        for _ in 0..<TradingCalendar.longestClosure {
            if isUsualTradingDay(day) { return day }
            day = day.advanced(byDays: -1)
        }
        return day
    }

    /// The trading of the day while there is some, from its first opening to its last close; `nil` outside, and in a
    /// pause between two sessions.
    public func session(containing time: Timestamp, segment: Segment = .cash) -> TradingSession? {
        let date = date(at: time)
        guard let session = session(on: date, segment: segment), session.contains(time) else { return nil }
        let isPaused = hours(on: date, segment: segment).pauses.contains { pause in
            timestamp(date, pause.from) <= time && time < timestamp(date, pause.to)
        }
        return isPaused ? nil : session
    }

    /// The newest session that has opened by an instant, whether or not it is over.
    public func latestSession(at time: Timestamp, segment: Segment = .cash) -> TradingSession {
        let today = date(at: time)
        if let session = session(on: today, segment: segment), session.opens <= time { return session }
        return knownSession(on: tradingDay(before: today), segment: segment)
    }

    /// The first session that opens after an instant.
    public func nextSession(after time: Timestamp, segment: Segment = .cash) -> TradingSession {
        let today = date(at: time)
        if let session = session(on: today, segment: segment), time < session.opens { return session }
        return knownSession(on: tradingDay(after: today), segment: segment)
    }

    private func nearest(from date: CalendarDate, step: Int) -> CalendarDate {
        var day = date
        for _ in 0..<TradingCalendar.longestClosure {
            if isTradingDay(day) { return day }
            day = day.advanced(byDays: step)
        }
        return day
    }

    func knownSession(on date: CalendarDate, segment: Segment) -> TradingSession {
        let hours = hours(on: date, segment: segment)
        return TradingSession(
            date: date, opens: timestamp(date, hours.opens), closes: timestamp(date, hours.closes)
        )
    }
}
