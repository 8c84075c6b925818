import MarketData

/// The moment for which `live-oi-data` answers: of the newest trading day only, and not always the one asked for.
struct ServedMoment: Equatable, Sendable {
    /// Whose figures are told.
    let moment: Timestamp
    let tradingDate: CalendarDate
    /// The echo: what was served.
    let minTime: ClockTime
    let maxTime: ClockTime
    /// Whether the market was shut: then the close is served, whatever was asked.
    let isAfterClose: Bool

    /// - Parameters:
    ///   - isDayBefore: A fault: the close of the day before.
    ///   - isQuarterLate: A fault: figures a quarter of an hour older than those asked for.
    init(
        asked: ClockTime?, at now: Timestamp, calendar: TradingCalendar, isDayBefore: Bool = false,
        isQuarterLate: Bool = false
    ) {
        var session = calendar.latestSession(at: now, segment: .derivatives)
        if isDayBefore {
            let before = Timestamp(milliseconds: session.opens.milliseconds - 1)
            session = calendar.latestSession(at: before, segment: .derivatives)
        }
        isAfterClose = isDayBefore || now >= session.closes
        tradingDate = session.date
        minTime = IndianTime.split(session.opens).time
        let close = Timestamp(milliseconds: session.closes.milliseconds - 1000)
        if isQuarterLate {
            let late = max(session.opens, min(now, close).advanced(bySeconds: -900))
            moment = late
            maxTime = IndianTime.split(late).time.minute
            return
        }
        guard !isAfterClose, let asked else {
            moment = isAfterClose ? close : now
            maxTime = IndianTime.split(isAfterClose ? session.closes : now).time.minute
            return
        }
        let wanted = IndianTime.timestamp(session.date, asked)
        let earliest = session.opens
        moment = min(max(wanted, earliest), now, close)
        maxTime = wanted > now ? IndianTime.split(now).time.minute : asked
    }
}

extension ClockTime {
    fileprivate var minute: ClockTime { ClockTime(secondsAfterMidnight: secondsAfterMidnight / 60 * 60) }
}
