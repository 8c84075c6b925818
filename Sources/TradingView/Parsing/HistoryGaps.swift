import MarketData
import TradingViewProtocol

/// Finds spans within a history that should hold bars and do not.
///
/// Minutes without trades are normal, so a gap is claimed only where a whole session lies between two bars and holds
/// none, in a daily series or one within the day, of an instrument that trades every day (an index, a share, a fund, a
/// pair of currencies, a continuous future; not an option or a dated contract); and, of an index, which is computed all
/// the time, where bars within a session are missing and the server lists the days that close early. Only days are
/// judged whose sessions are known: those of a market that never rests, those from the first to the last holiday that
/// the server lists (a list may begin and end within a year), and of NSE and BSE those of which `TradingCalendar` is
/// evidence.
struct HistoryGaps {
    private let interval: Interval
    private let isComputed: Bool
    private let days: Days
    /// The segment of NSE or BSE that keeps their usual hours.
    private let segment: TradingCalendar.Segment?

    /// Where the sessions are known from.
    private enum Days {
        case schedule(SessionSchedule, within: ClosedRange<CalendarDate>?)
        case indian(TradingCalendar.Segment)

        /// Whether the days that close early are known.
        func knowsShortDays(_ resolved: ResolvedSymbol) -> Bool {
            if case .schedule(_, within: .some) = self { return resolved.sessionCorrections != nil }
            return true
        }

        func sessions(on date: CalendarDate) -> [TimeRange] {
            switch self {
            case .schedule(let schedule, let listed):
                listed?.contains(date) == false ? [] : schedule.sessions(on: date)
            case .indian(let segment):
                TradingCalendar.nse.isEvidence(for: date, segment: segment)
                    ? TradingCalendar.nse.sessions(on: date, segment: segment).map {
                        TimeRange(from: $0.opens, to: $0.closes)
                    } : []
            }
        }
    }

    /// The sessions of a day without a closing auction, which need not have any bars.
    private func expected(on date: CalendarDate) -> [TimeRange] {
        guard let segment else { return days.sessions(on: date) }
        let calendar = TradingCalendar.nse
        let end = calendar.timestamp(date, calendar.hours(on: date, segment: segment).continuousUntil)
        return days.sessions(on: date).compactMap { session in
            session.from < end ? TimeRange(from: session.from, to: min(session.to, end)) : nil
        }
    }

    /// Why a span is named.
    static let reason = "missing"
    /// The most sessions that are looked through.
    private static let mostDays = 40_000
    /// The most gaps that are reported; more are reported as one.
    private static let mostGaps = 100

    /// - Returns: `nil` if the instrument's sessions are unknown, or the interval has none.
    init?(_ resolved: ResolvedSymbol?, request: BarRequest) {
        guard let resolved, request.interval == .oneDay || request.interval.seconds.map({ $0 >= 60 }) == true,
            HistoryGaps.tradesDaily(resolved, request: request),
            let days = HistoryGaps.days(of: resolved, request: request)
        else { return nil }
        interval = request.interval
        isComputed = resolved.type == "index" && interval.isIntraday && days.knowsShortDays(resolved)
        self.days = days
        let keepsUsualHours = IndianMarket.keepsUsualHours(request.symbol, session: resolved.session)
        segment = keepsUsualHours ? request.symbol.segment(type: resolved.type) : nil
    }

    private static func tradesDaily(_ resolved: ResolvedSymbol, request: BarRequest) -> Bool {
        switch resolved.type {
        case "index", "stock", "fund", "forex", "crypto": true
        case "futures": RollStudy.isContinuous(WireName.of(request.symbol))
        default: false
        }
    }

    private static func days(of resolved: ResolvedSymbol, request: BarRequest) -> Days? {
        guard request.hours == .regular, let session = resolved.session, let zone = resolved.timeZone else {
            return nil
        }
        let holidays = resolved.holidays
        if session == "24x7", holidays.isEmpty {
            return (try? SessionSchedule(sessions: session, zone: zone)).map { .schedule($0, within: nil) }
        }
        if let first = holidays.min(), let last = holidays.max() {
            return resolved.schedule.map { .schedule($0, within: first...last) }
        }
        guard IndianMarket.keepsUsualHours(request.symbol, session: session) else { return nil }
        return .indian(request.symbol.segment(type: resolved.type))
    }

    /// Of the newest bars it is not said that they are missing before this has passed: a source may be late with them.
    static let settlingSeconds: Int64 = 600

    /// The gaps between bars that ascend, and after the last one up to an instant.
    func gaps(in bars: [Bar], until end: Timestamp? = nil) -> [Gap] {
        var gaps: [TimeRange] = []
        var times = bars.map(\.time)
        if let end, let last = times.last, end > last { times.append(end) }
        for (earlier, later) in zip(times, times.dropFirst()) {
            guard later.seconds - earlier.seconds > shortestGap else { continue }
            gaps += missing(after: earlier, before: later)
            if gaps.count > HistoryGaps.mostGaps { break }
        }
        return HistoryGaps.joined(gaps).map { Gap(range: $0, reason: HistoryGaps.reason) }
    }

    /// Bars within this distance have no gap between them.
    private var shortestGap: Int64 {
        isComputed ? interval.seconds ?? 86_400 : 86_400 - 3_600
    }

    private func missing(after earlier: Timestamp, before later: Timestamp) -> [TimeRange] {
        var found: [TimeRange] = []
        var opensDay = false
        var date = CalendarDate.split(seconds: earlier.seconds).date.advanced(byDays: -1)
        let last = CalendarDate.split(seconds: later.seconds).date.advanced(byDays: 1)
        var count = 0
        while date <= last, count < HistoryGaps.mostDays {
            let sessions = days.sessions(on: date)
            if let opening = sessions.first?.from, let close = sessions.last?.to {
                opensDay = opensDay || opening == earlier
                // The day that either bar belongs to is not missing; of an index, its part between them is.
                if earlier < opening, close <= later {
                    found.append(TimeRange(from: opening, to: close))
                } else if isComputed {
                    found += expected(on: date).compactMap { gap(in: $0, after: earlier, before: later) }
                }
            }
            date = date.advanced(byDays: 1)
            count += 1
        }
        // Of daily bars that are not stamped with the opening the day of each is unknown.
        return interval.isIntraday || opensDay ? found : []
    }

    /// What of a session lies between two neighbouring bars of an index.
    private func gap(in session: TimeRange, after earlier: Timestamp, before later: Timestamp) -> TimeRange? {
        guard let seconds = interval.seconds, earlier < session.to, later > session.from else { return nil }
        let from = earlier >= session.from ? earlier.advanced(bySeconds: seconds) : session.from
        let to = min(later, session.to)
        return from < to ? TimeRange(from: from, to: to) : nil
    }

    /// Neighbours with nothing but a night or holidays between them made one, where they are many.
    private static func joined(_ gaps: [TimeRange]) -> [TimeRange] {
        guard gaps.count > mostGaps, let first = gaps.first, let last = gaps.last else { return gaps }
        return [TimeRange(from: first.from, to: last.to)]
    }
}

extension ResolvedSymbol {
    /// The days with other hours than usual, and single days off; `nil` where the server does not list them.
    ///
    /// They are in `corrections`, or beside the hours of the subsession that was resolved.
    var sessionCorrections: String? {
        if let corrections = text("corrections") { return corrections }
        let resolved = subsessionID ?? "regular"
        return subsessions.first { $0.id == resolved }?.correction
    }

    /// The days without trading that the server lists; a text that is not a date is left out.
    var holidays: [CalendarDate] {
        (sessionHolidays ?? "").split(separator: ",").compactMap { text in
            guard text.utf8.count == 8, let number = Int(text) else { return nil }
            return CalendarDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
        }
    }

    /// Why the trading days and hours that the server sent are invalid; `nil` where they are valid or absent.
    var unreadableHours: String? {
        guard let session, let timeZone else { return nil }
        do {
            _ = try SessionSchedule(
                sessions: session, zone: timeZone, holidays: sessionHolidays ?? "",
                corrections: sessionCorrections ?? "")
            return nil
        } catch {
            return error.description
        }
    }

    /// The trading days and hours; `nil` where they are absent or invalid.
    var schedule: SessionSchedule? {
        guard let session, let timeZone else { return nil }
        return try? SessionSchedule(
            sessions: session, zone: timeZone, holidays: sessionHolidays ?? "", corrections: sessionCorrections ?? "")
    }
}
