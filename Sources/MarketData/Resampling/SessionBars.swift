/// Where the bars of an interval begin and end, by sessions as TradingView writes them.
///
/// Bars within the day are counted from the opening of each session, and the last one of a session may be short. Days,
/// weeks and months reach from the opening of their first session to the close of their last, as `BarBoundaries` has
/// it.
public struct SessionBars: BarGrid {
    /// The length of a bar.
    public let interval: Interval
    /// The days and hours.
    public let schedule: SessionSchedule

    /// The bars of an interval on a schedule.
    public init(interval: Interval, schedule: SessionSchedule) {
        self.interval = interval
        self.schedule = schedule
    }

    /// The bar that an instant lies in; `nil` while there is no trading. Nights within several days belong to them.
    public func bar(containing time: Timestamp) -> TimeRange? {
        guard let (date, session) = schedule.latestSession(at: time) else { return nil }
        let bar = bar(number: number(of: time, in: session), of: session, on: date)
        return bar.contains(time) ? bar : nil
    }

    /// The first bar that opens at or after an instant; an empty one at the end of time where there is none.
    public func firstBar(openingAtOrAfter time: Timestamp) -> TimeRange {
        let latest = schedule.latestSession(at: time)
        if let (date, session) = latest {
            let bar = bar(number: number(of: time, in: session), of: session, on: date)
            if bar.from >= time { return bar }
            if interval.isIntraday, bar.to < session.to {
                return self.bar(number: number(of: bar.to, in: session), of: session, on: date)
            }
            if !interval.isIntraday { return next(atOrAfter: bar.to) }
        }
        return next(atOrAfter: time)
    }

    /// The bar that a price of an instant belongs to, whether or not there is a session then, by the rules of
    /// `BarBoundaries`.
    public func place(of time: Timestamp) -> BarPlace {
        let date = schedule.tradingDay(at: time)
        guard let length = interval.seconds else { return place(of: time, on: date) }
        let sessions = schedule.sessions(on: date)
        let known = sessions.last { $0.from <= time } ?? sessions.first
        let anchor = known?.from ?? schedule.timestamp(date, 0)
        let number = (time.seconds - anchor.seconds).floorDivided(by: length)
        let start = anchor.advanced(bySeconds: number * length)
        let opens = max(start, schedule.start(of: date))
        var reach = min(start.advanced(bySeconds: length), schedule.start(of: date.advanced(byDays: 1)))
        if let next = sessions.first(where: { $0.from > time })?.from { reach = min(reach, next) }
        let closes = known.map { $0.contains(time) ? min($0.to, reach) : reach } ?? reach
        return BarPlace(bar: TimeRange(from: opens, to: closes), reach: reach)
    }

    private func place(of time: Timestamp, on date: CalendarDate) -> BarPlace {
        let (first, next) = schedule.days(of: interval, around: date)
        let reach = schedule.start(of: next)
        let bar = schedule.period(of: interval, around: date)
        guard schedule.isTradingDay(date) || (bar.from <= time && bar.to > time) else {
            let opening = schedule.firstTradingDay(from: first, until: date)
            let opens = opening.flatMap { schedule.sessions(on: $0).first?.from } ?? time
            let last = schedule.lastTradingDay(from: first, before: next)
            let closes = last.flatMap { schedule.sessions(on: $0).last?.to } ?? reach
            return BarPlace(bar: TimeRange(from: min(opens, time), to: max(closes, time)), reach: reach)
        }
        return BarPlace(bar: bar, reach: reach)
    }

    private func next(atOrAfter time: Timestamp) -> TimeRange {
        guard let (date, session) = schedule.nextSession(openingAtOrAfter: time) else {
            let end = Timestamp(milliseconds: .max)
            return TimeRange(from: end, to: end)
        }
        return bar(number: 0, of: session, on: date)
    }

    private func number(of time: Timestamp, in session: TimeRange) -> Int64 {
        guard let length = interval.seconds else { return 0 }
        let newest = min(time.milliseconds, session.to.milliseconds - 1) - session.from.milliseconds
        return newest / (length * 1000)
    }

    private func bar(number: Int64, of session: TimeRange, on date: CalendarDate) -> TimeRange {
        guard let length = interval.seconds else { return schedule.period(of: interval, around: date) }
        let opens = session.from.advanced(bySeconds: number * length)
        return TimeRange(from: opens, to: min(opens.advanced(bySeconds: length), session.to))
    }
}
