import Foundation

/// Which trading day, week or month a bar belongs to, however its source stamps it: by date, by midnight with an offset
/// or in UTC, by an epoch of either, or by the opening of its session.
///
/// Two bars of one series whose `period` is the same are the same bar. `opening` is the one stamp to keep it under.
public struct PeriodStamps: Sendable {
    private let interval: Interval
    private let calendar: InstrumentCalendar
    private let zone: TimeZone

    /// The stamps of a series.
    /// - Parameters:
    ///   - interval: The length of a bar.
    ///   - symbol: The instrument.
    ///   - instrument: As a source reported it; `nil` if none has yet. Without it the calendar of the exchange
    ///     decides, and where there is none here, a date is kept as a date until a source says when the instrument
    ///     trades.
    ///   - boundaries: A calendar to go by in place of the exchange's, such as a mock market's.
    public init(
        interval: Interval, symbol: Symbol, instrument: Instrument? = nil, boundaries: BarBoundaries? = nil
    ) {
        self.interval = interval
        calendar =
            boundaries.map { .exchange($0.calendar, $0.segment) }
            ?? InstrumentCalendar(of: symbol, instrument: instrument)
        zone =
            instrument?.timeZone.flatMap(TimeZone.init(identifier:)) ?? ExchangeZone.zone(of: symbol.exchange) ?? .gmt
    }

    /// The first calendar day of the bar's day, week (from Monday) or month, or of the first trading day of a bar of
    /// several days; `nil` for intraday intervals, whose bars are identified by their opening time.
    ///
    /// A week stamped on its last Sunday (pandas) is the week before that.
    public func period(of stamp: Timestamp) -> CalendarDate? {
        guard !interval.isIntraday else { return nil }
        let date = date(of: stamp)
        guard interval.unit == .day else { return interval.period(around: date).first }
        guard interval.count > 1 else { return date }
        switch calendar {
        case .exchange(let calendar, let segment):
            return BarBoundaries(interval: interval, calendar: calendar, segment: segment)
                .tradingDays(around: calendar.tradingDay(onOrBefore: date)).first
        case .continuous(let calendar):
            return BarBoundaries(interval: interval, calendar: calendar).tradingDays(around: date).first
        case .sessions, .unknown: return date
        }
    }

    /// The instant to keep a bar under: the opening of its first session where the hours are known; otherwise 00:00 UTC
    /// of the first day of its period, so that a date stays a date. A stamp of an interval within the day is kept, and
    /// so is an instant on a day on which no session is known (a special one opens when it likes).
    public func opening(of stamp: Timestamp) -> Timestamp {
        guard let period = period(of: stamp) else { return stamp }
        switch calendar {
        case .exchange(let calendar, let segment):
            return opening(of: stamp, period, BarBoundaries(interval: interval, calendar: calendar, segment: segment))
        case .continuous(let calendar):
            return opening(of: stamp, period, BarBoundaries(interval: interval, calendar: calendar))
        case .sessions(let schedule):
            let end = interval.unit == .day ? period.advanced(byDays: 1) : interval.period(around: period).next
            var day = period
            while day < end {
                if let opens = schedule.sessions(on: day).first?.from { return opens }
                day = day.advanced(byDays: 1)
            }
            return isDate(stamp) ? PeriodStamps.stamp(of: period) : stamp
        case .unknown: return PeriodStamps.stamp(of: period)
        }
    }

    /// The stamp of a date with unknown hours: 00:00 UTC.
    public static func stamp(of date: CalendarDate) -> Timestamp {
        Timestamp(seconds: Int64(date.daysSinceEpoch) * 86_400)
    }

    private func opening(of stamp: Timestamp, _ period: CalendarDate, _ bars: BarBoundaries) -> Timestamp {
        let (calendar, segment) = (bars.calendar, bars.segment)
        let first = interval.unit == .day ? period : calendar.tradingDay(onOrAfter: period)
        let next = interval.unit == .day ? first.advanced(byDays: 1) : interval.period(around: period).next
        if first < next, let session = calendar.session(on: first, segment: segment) { return session.opens }
        return isDate(stamp) ? calendar.knownSession(on: period, segment: segment).opens : stamp
    }

    /// Whether a stamp is a midnight, of UTC or of the exchange, and so means a date.
    private func isDate(_ stamp: Timestamp) -> Bool {
        let day: Int64 = 86_400_000
        let local = stamp.milliseconds + offset(at: stamp) * 1000
        return stamp.milliseconds % day == 0 || local % day == 0
    }

    /// The trading day that a stamp means.
    private func date(of stamp: Timestamp) -> CalendarDate {
        // A midnight of UTC is a date written without a zone; west of Greenwich it is still the evening before.
        if stamp.milliseconds % 86_400_000 == 0 { return CalendarDate.split(seconds: stamp.seconds).date }
        let local = CalendarDate.split(seconds: stamp.seconds + offset(at: stamp))
        switch calendar {
        case .exchange(let calendar, _), .continuous(let calendar): return calendar.date(at: stamp)
        case .sessions(let schedule):
            if local.secondOfDay == 0 { return local.date }
            let day = schedule.tradingDay(at: stamp)
            // Friday evening opens Monday's session for some sources.
            guard day == local.date, schedule.opensTheEveningBefore, local.secondOfDay >= 12 * 3600,
                !schedule.sessions(on: day).contains(where: { $0.from <= stamp && stamp <= $0.to })
            else { return day }
            return (1...7).map(day.advanced(byDays:)).first(where: schedule.isTradingDay) ?? day
        case .unknown: return local.date
        }
    }

    private func offset(at stamp: Timestamp) -> Int64 {
        switch calendar {
        case .exchange(let calendar, _), .continuous(let calendar): calendar.utcOffset(at: stamp)
        case .sessions, .unknown:
            Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(stamp.seconds))))
        }
    }
}
