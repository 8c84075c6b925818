import Foundation
public import MarketData
public import MarketStore

extension SeriesCalendars {
    /// Where the bars of a series begin and end by what a source said of the instrument; `nil` where nothing is known.
    ///
    /// An instrument that trades around the clock has days of its own zone, whatever its exchange's calendar says. One
    /// at NSE or BSE with other hours than shares and their derivatives (currencies) is judged by no calendar of ours.
    public func boundaries(of key: SeriesKey, instrument: Instrument?) -> BarBoundaries? {
        guard let instrument else { return nil }
        guard instrument.session == "24x7" else {
            let isIndian = ["NSE", "BSE"].contains(key.symbol.exchange)
            if isIndian, let session = instrument.session, !session.hasPrefix("0915-15") { return nil }
            return boundaries(of: key)
        }
        guard let zone = instrument.timeZone.flatMap(TimeZone.init(identifier:)),
            zone.nextDaylightSavingTimeTransition == nil
        else { return nil }
        let calendar = TradingCalendar.continuous(utcOffsetSeconds: Int64(zone.secondsFromGMT()))
        return BarBoundaries(interval: key.interval, calendar: calendar)
    }
}
