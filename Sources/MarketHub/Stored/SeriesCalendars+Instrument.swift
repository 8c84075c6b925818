import Foundation
public import MarketData
public import MarketStore

extension SeriesCalendars {
    /// Where the bars of a series begin and end by what a source said of the instrument; `nil` where nothing is known.
    ///
    /// An instrument that trades around the clock has days of its own zone, whatever its exchange's calendar says.
    public func boundaries(of key: SeriesKey, instrument: Instrument?) -> BarBoundaries? {
        guard let instrument else { return nil }
        guard instrument.session == "24x7" else { return boundaries(of: key) }
        guard let zone = instrument.timeZone.flatMap(TimeZone.init(identifier:)),
            zone.nextDaylightSavingTimeTransition == nil
        else { return nil }
        let calendar = TradingCalendar.continuous(utcOffsetSeconds: Int64(zone.secondsFromGMT()))
        return BarBoundaries(interval: key.interval, calendar: calendar)
    }
}
