import Foundation

/// The calendar of an instrument, from its exchange and from what a source reported.
public enum InstrumentCalendar: Sendable {
    /// The calendar of NSE and BSE, in one of its segments.
    case exchange(TradingCalendar, TradingCalendar.Segment)
    /// Trading that never stops, on days of a zone without summer time.
    case continuous(TradingCalendar)
    /// The hours that its source states; the holidays are not known.
    case sessions(SessionSchedule)
    /// Nothing is known but what sources send.
    case unknown(Reason)

    /// Why the calendar is unknown.
    public enum Reason: Hashable, Sendable {
        /// No source has said when it trades.
        case notStated
        /// What a source said could not be read.
        case unreadable(String)
    }

    /// The calendar of an instrument.
    /// - Parameters:
    ///   - symbol: The symbol of the instrument.
    ///   - instrument: As a source reported it; `nil` if none has yet, so that the symbol decides.
    public init(of symbol: Symbol, instrument: Instrument?) {
        let session = instrument?.session
        if session != "24x7", IndianMarket.keepsUsualHours(symbol, session: session) {
            self = .exchange(.nse, symbol.segment(type: instrument?.type))
            return
        }
        guard let session, let zone = instrument?.timeZone else {
            self = .unknown(.notStated)
            return
        }
        if session == "24x7", let fixed = TimeZone(identifier: zone), fixed.nextDaylightSavingTimeTransition == nil {
            self = .continuous(.continuous(utcOffsetSeconds: Int64(fixed.secondsFromGMT())))
            return
        }
        do {
            self = .sessions(try SessionSchedule(sessions: session, zone: zone))
        } catch {
            self = .unknown(.unreadable(error.description))
        }
    }

    /// Where the bars of an interval begin and end; `nil` if no hours are known.
    public func grid(of interval: Interval) -> (any BarGrid)? {
        switch self {
        case .exchange(let calendar, let segment):
            BarBoundaries(interval: interval, calendar: calendar, segment: segment)
        case .continuous(let calendar): BarBoundaries(interval: interval, calendar: calendar)
        case .sessions(let schedule): SessionBars(interval: interval, schedule: schedule)
        case .unknown: nil
        }
    }

    /// Where the bars of an interval begin and end by a calendar that also knows the holidays; `nil` if none does.
    public func boundaries(of interval: Interval) -> BarBoundaries? { grid(of: interval) as? BarBoundaries }
}

extension InstrumentCalendar.Reason: CustomStringConvertible {
    /// The reason as text.
    public var description: String {
        switch self {
        case .notStated: "the source does not say when it trades"
        case .unreadable(let text): text
        }
    }
}
