public import MarketData
public import MarketStore

/// By which calendar a series is measured, and so which of its bars must exist.
public struct SeriesCalendars: Sendable {
    private let calendar: @Sendable (Symbol) -> TradingCalendar?

    /// Calendars by symbol; `nil` where an instrument's trading days are not known.
    public init(_ calendar: @escaping @Sendable (Symbol) -> TradingCalendar?) { self.calendar = calendar }

    /// NSE's days and hours for NSE and BSE; nothing is known of other exchanges.
    public static let exchanges = SeriesCalendars { IndianMarket.keepsCalendar($0.exchange) ? .nse : nil }

    /// One calendar for every symbol, such as a mock market's.
    public static func everywhere(_ calendar: TradingCalendar) -> SeriesCalendars { SeriesCalendars { _ in calendar } }

    /// Where the bars of a series begin and end; `nil` where the calendar is not known, as for extended hours.
    public func boundaries(of key: SeriesKey) -> BarBoundaries? {
        guard key.hours == .regular, let calendar = calendar(key.symbol) else { return nil }
        return BarBoundaries(interval: key.interval, calendar: calendar, segment: key.symbol.segment)
    }
}
