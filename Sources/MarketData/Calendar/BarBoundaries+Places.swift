extension BarBoundaries {
    /// The bar that a price of an instant belongs to, whether or not the exchange is known to trade then.
    ///
    /// Bars within the day are counted on from the day's openings, before, between and after its sessions, so that a
    /// price outside of them (before the opening, after an outage) has a bar too, and always the same one. On a day
    /// without a session they are counted from the usual opening, and a bar of days opens with its first price.
    public func place(of time: Timestamp) -> BarPlace {
        let date = calendar.date(at: time)
        guard let length = interval.seconds else { return place(of: time, on: date) }
        let sessions = calendar.sessions(on: date, segment: segment)
        let known = sessions.last { $0.opens <= time } ?? sessions.first
        let anchor = (known ?? calendar.knownSession(on: date, segment: segment)).opens
        let number = (time.seconds - anchor.seconds).floorDivided(by: length)
        let start = anchor.advanced(bySeconds: number * length)
        var reach = start.advanced(bySeconds: length)
        if let next = sessions.first(where: { $0.opens > time })?.opens { reach = min(reach, next) }
        let midnight = ClockTime(secondsAfterMidnight: 0)
        let opens = max(start, calendar.timestamp(date, midnight))
        reach = min(reach, calendar.timestamp(date.advanced(byDays: 1), midnight))
        let closes = known.map { $0.contains(time) ? min($0.closes, reach) : reach } ?? reach
        return BarPlace(bar: TimeRange(from: opens, to: closes), reach: reach)
    }

    private func place(of time: Timestamp, on date: CalendarDate) -> BarPlace {
        let (first, last, next) = days(around: date)
        let midnight = ClockTime(secondsAfterMidnight: 0)
        let reach = calendar.timestamp(next, midnight)
        guard first <= last, first <= date, calendar.isTradingDay(first) else {
            // Nothing is known to be traded so early in the bar, or in all of it.
            let closes = first <= last && calendar.isTradingDay(last) ? session(on: last).closes : reach
            return BarPlace(bar: TimeRange(from: time, to: max(closes, time)), reach: reach)
        }
        return BarPlace(bar: TimeRange(from: session(on: first).opens, to: session(on: last).closes), reach: reach)
    }

    private func session(on date: CalendarDate) -> TradingSession { calendar.knownSession(on: date, segment: segment) }

    /// The first trading day and the last of the bar that holds a day, which need not be a trading day, and the first
    /// day of the next bar. `first` lies after `last` where the bar has no trading day.
    private func days(around date: CalendarDate) -> (first: CalendarDate, last: CalendarDate, next: CalendarDate) {
        switch interval.unit {
        case .second, .minute, .hour: return (date, date, date.advanced(byDays: 1))
        case .day where interval.count == 1:
            let next = date.advanced(byDays: 1)
            return calendar.isTradingDay(date) ? (date, date, next) : (next, date, next)
        case .day:
            var day = calendar.tradingDay(onOrBefore: date)
            if day.parts.year != date.parts.year { day = calendar.tradingDay(onOrAfter: date) }
            let (first, last) = tradingDays(around: day)
            let after = calendar.tradingDay(after: last)
            let newYear = CalendarDate(year: date.parts.year + 1, month: 1, day: 1) ?? after
            return (first, last, min(after, newYear))
        case .week, .month:
            let (start, next) = period(around: date)
            return (calendar.tradingDay(onOrAfter: start), calendar.tradingDay(before: next), next)
        }
    }

    /// The first bar at or after an instant that is not in a closing auction.
    public func firstExpectedBar(openingAtOrAfter time: Timestamp) -> TimeRange {
        let bar = firstBar(openingAtOrAfter: time)
        guard interval.isIntraday else { return bar }
        let date = calendar.date(at: bar.from)
        let hours = calendar.hours(on: date, segment: segment)
        guard hours.continuousUntil < hours.closes, bar.from >= calendar.timestamp(date, hours.continuousUntil) else {
            return bar
        }
        return firstBar(openingAtOrAfter: calendar.timestamp(date, hours.closes))
    }

    /// Whether something must have been traded in a bar, from its opening to its close: the calendar is evidence of its
    /// day, and it lies not in a closing auction only. Of any other bar only a source's answer says whether it exists.
    public func isExpected(_ bar: TimeRange) -> Bool {
        let date = calendar.date(at: bar.from)
        guard interval.isIntraday else {
            let (first, last) = tradingDays(around: date)
            return calendar.isEvidence(for: first, segment: segment) || calendar.isEvidence(for: last, segment: segment)
        }
        return calendar.expectedSpans(on: date, segment: segment).contains { $0.from < bar.to && bar.from < $0.to }
    }
}
