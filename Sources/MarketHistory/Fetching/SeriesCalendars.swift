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

    /// Where the bars of a series begin and end by its exchange; `nil` where the calendar is not known, as for extended
    /// hours.
    public func boundaries(of key: SeriesKey) -> BarBoundaries? {
        guard key.hours == .regular, let calendar = calendar(key.symbol) else { return nil }
        return BarBoundaries(interval: key.interval, calendar: calendar, segment: key.symbol.segment)
    }

    /// Where the bars of a series begin and end, given the instrument as a source reported it; `nil` if unknown.
    ///
    /// An instrument that trades around the clock has the days of its zone, not of its exchange's calendar. One
    /// at NSE or BSE with other hours than shares and their derivatives (currencies) has no calendar here.
    public func boundaries(of key: SeriesKey, instrument: Instrument?) -> BarBoundaries? {
        let session = instrument?.session
        let isIndian = IndianMarket.keepsCalendar(key.symbol.exchange)
        let keepsExchangeHours = session.map { $0 != "24x7" && (!isIndian || IndianMarket.isUsualSession($0)) } ?? true
        return keepsExchangeHours
            ? boundaries(of: key)
            : InstrumentCalendar(of: key.symbol, instrument: instrument).boundaries(of: key.interval)
    }

    /// Where the bars of a series begin and end by what a store knows of the instrument; where it knows nothing yet, by
    /// the exchange.
    /// - Throws: `StoreError`.
    public func boundaries(
        of key: SeriesKey, in store: any InstrumentStore
    ) async throws(StoreError) -> BarBoundaries? {
        boundaries(of: key, instrument: try await store.instrument(of: key.symbol))
    }
}
