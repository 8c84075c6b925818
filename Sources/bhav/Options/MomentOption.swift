import Foundation
import MarketData
import MarketFormats

/// The moment that `--at`, `--from` and `--to` mean.
enum MomentOption {
    /// Reads a date, an instant, a time without a zone, which is the exchange's, a time alone, which is today's, `today`,
    /// `yesterday`, `now`, or how long ago it was.
    /// - Parameter edge: Which end of the day a date means.
    /// - Throws: `MarketDataError`, naming the text.
    static func moment(
        _ text: String, of symbol: Symbol, now: Timestamp, dateMeans edge: Timestamp.DayEdge = .end
    ) throws(MarketDataError) -> Timestamp {
        let zone = ExchangeZone.zone(of: symbol.exchange)
        if let past = try AgoOption.text(text, zone: zone, now: now) {
            return try Timestamp(past, zone: zone, dateMeans: edge)
        }
        let words = text.lowercased()
        if words == "now" { return now }
        let days = ["today": 0, "yesterday": -1]
        let day = days[words] ?? days.first { words.hasPrefix("\($0.key) ") }?.value
        guard day != nil || ClockTime(text) != nil else {
            return try Timestamp(try TypedMoment.iso(text) ?? text, zone: zone, dateMeans: edge)
        }
        guard let zone else {
            throw .badRequest(
                "'\(text)' is a day of the exchange, whose time zone is not known; write a time with Z or an offset")
        }
        let ahead = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(now.seconds))))
        let date = CalendarDate.split(seconds: now.seconds + ahead).date.advanced(byDays: day ?? 0)
        let clock = day == nil ? text[...] : text.drop { $0 != " " }.dropFirst()
        return try Timestamp(clock.isEmpty ? "\(date)" : "\(date)T\(clock)", zone: zone, dateMeans: edge)
    }
}
