import Foundation
public import MarketData
public import MarketStore

/// By which calendar a series is measured, and so which of its bars must exist.
public struct SeriesCalendars: Sendable {
    private let calendar: @Sendable (Symbol) -> TradingCalendar?

    /// Calendars by symbol; `nil` where an instrument's trading days are not known.
    public init(_ calendar: @escaping @Sendable (Symbol) -> TradingCalendar?) { self.calendar = calendar }

    /// NSE's days and hours for NSE and BSE; other exchanges have no calendar.
    public static let exchanges = SeriesCalendars { IndianMarket.keepsCalendar($0.exchange) ? .nse : nil }

    /// One calendar for every symbol, such as a mock market's.
    public static func everywhere(_ calendar: TradingCalendar) -> SeriesCalendars { SeriesCalendars { _ in calendar } }

    /// Where the bars of a series begin and end; `nil` where the calendar is not known, as for extended hours.
    public func boundaries(of key: SeriesKey) -> BarBoundaries? {
        guard key.hours == .regular, let calendar = calendar(key.symbol) else { return nil }
        return BarBoundaries(interval: key.interval, calendar: calendar, segment: key.symbol.segment)
    }
}

extension SeriesCalendars {
    /// How missing bars of a series are found, given the instrument as a source reported it.
    enum Rule: Hashable {
        /// Its exchange's days and hours.
        case exchange
        /// Days of a zone in which trading never stops.
        case aroundTheClock(utcOffsetSeconds: Int64)
        /// By coverage alone.
        case answers
    }

    /// The bar boundaries of a series, given the instrument as a source reported it; `nil` if unknown.
    ///
    /// An instrument that trades around the clock has days of its own zone, not of its exchange's calendar. One
    /// at NSE or BSE with other hours than shares and their derivatives (currencies) has no calendar here.
    public func boundaries(of key: SeriesKey, instrument: Instrument?) -> BarBoundaries? {
        guard let instrument else { return nil }
        switch SeriesCalendars.rule(of: key, instrument) {
        case .exchange: return boundaries(of: key)
        case .aroundTheClock(let offset):
            return BarBoundaries(interval: key.interval, calendar: .continuous(utcOffsetSeconds: offset))
        case .answers: return nil
        }
    }

    /// How missing bars of a series are found; by its exchange if the instrument is unknown.
    static func rule(of key: SeriesKey, _ instrument: Instrument?) -> Rule {
        guard let instrument, let session = instrument.session else { return .exchange }
        guard session == "24x7" else {
            let isIndian = IndianMarket.keepsCalendar(key.symbol.exchange)
            return isIndian && !IndianMarket.isUsualSession(session) ? .answers : .exchange
        }
        guard let zone = instrument.timeZone.flatMap(TimeZone.init(identifier:)),
            zone.nextDaylightSavingTimeTransition == nil
        else { return .answers }
        return .aroundTheClock(utcOffsetSeconds: Int64(zone.secondsFromGMT()))
    }

    /// Where the bars of a series begin and end by what a store knows of the instrument; where it knows nothing yet, by
    /// the exchange.
    /// - Throws: `StoreError`.
    public func boundaries(
        of key: SeriesKey, in store: any InstrumentStore
    ) async throws(StoreError) -> BarBoundaries? {
        guard let known = try await store.instrument(of: key.symbol) else { return boundaries(of: key) }
        return boundaries(of: key, instrument: known)
    }
}
