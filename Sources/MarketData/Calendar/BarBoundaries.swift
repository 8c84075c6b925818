/// Where the bars of an interval begin and end.
///
/// Bars within a day are counted from each session's opening (09:15 at NSE, so hours begin at a quarter past), and the
/// last one of a session may be short. Days are sessions; several days are counted from the first session of the year,
/// weeks from Monday, months from January. A bar of days, weeks or months opens with its first session and closes with
/// its last, as TradingView stamps them.
public struct BarBoundaries: Sendable {
    /// The length of a bar.
    public let interval: Interval
    /// The days and hours.
    public let calendar: TradingCalendar
    /// Whose hours.
    public let segment: TradingCalendar.Segment

    /// The boundaries of an interval on a calendar.
    public init(
        interval: Interval, calendar: TradingCalendar = .nse, segment: TradingCalendar.Segment = .cash
    ) {
        self.interval = interval
        self.calendar = calendar
        self.segment = segment
    }

    /// The bar that an instant lies in, from its opening to its close; `nil` while there is no trading.
    ///
    /// The nights within a bar of several days belong to it.
    public func bar(containing time: Timestamp) -> TimeRange? {
        let bar = latestBar(at: time)
        return bar.contains(time) ? bar : nil
    }

    /// The newest bar that has opened by an instant, whether or not it is over.
    public func latestBar(at time: Timestamp) -> TimeRange {
        guard let length = interval.seconds else {
            return period(of: calendar.latestSession(at: time, segment: segment).date).range
        }
        let session = calendar.latestPart(at: time, segment: segment)
        let newest = min(time.seconds, session.closes.seconds - 1) - session.opens.seconds
        return bar(number: newest / length, of: session, length: length)
    }

    /// The bar before the one that opens at an instant.
    public func bar(before opening: Timestamp) -> TimeRange {
        latestBar(at: Timestamp(milliseconds: opening.milliseconds - 1))
    }

    /// The first bar that opens at or after an instant.
    public func firstBar(openingAtOrAfter time: Timestamp) -> TimeRange {
        let latest = latestBar(at: time)
        if latest.from >= time { return latest }
        let end = Timestamp(milliseconds: latest.to.milliseconds - 1)
        guard let length = interval.seconds else {
            return period(of: calendar.nextSession(after: end, segment: segment).date).range
        }
        let session = calendar.latestPart(at: latest.from, segment: segment)
        guard latest.to < session.closes else {
            return bar(number: 0, of: calendar.nextPart(after: end, segment: segment), length: length)
        }
        return bar(number: (latest.to.seconds - session.opens.seconds) / length, of: session, length: length)
    }

    /// The first session and the last of the bar that holds a trading day, and the span from the opening of the one to
    /// the close of the other. For an interval within the day, that is the day's session.
    public func period(of date: CalendarDate) -> (first: TradingSession, last: TradingSession, range: TimeRange) {
        let days = tradingDays(around: date)
        let first = calendar.knownSession(on: days.first, segment: segment)
        let last = calendar.knownSession(on: days.last, segment: segment)
        return (first, last, TimeRange(from: first.opens, to: last.closes))
    }

    private func bar(number: Int64, of session: TradingSession, length: Int64) -> TimeRange {
        let opens = session.opens.advanced(bySeconds: number * length)
        return TimeRange(from: opens, to: min(opens.advanced(bySeconds: length), session.closes))
    }
}
