import Foundation
import MarketData

/// The moment that `--at`, `--from` and `--to` mean.
enum MomentOption {
    /// Reads a date, an instant, a time without a zone, which is the exchange's, a time alone, which is today's,
    /// or how long ago it was.
    /// - Parameter edge: Which end of the day a date means.
    /// - Throws: `MarketDataError`, naming the text.
    static func moment(
        _ text: String, of symbol: Symbol, now: Timestamp, dateMeans edge: Timestamp.DayEdge = .end
    ) throws(MarketDataError) -> Timestamp {
        let zone = ExchangeZone.zone(of: symbol.exchange)
        if let past = try AgoOption.text(text, zone: zone, now: now) {
            return try Timestamp(past, zone: zone, dateMeans: edge)
        }
        guard let zone, ClockTime(text) != nil else {
            return try Timestamp(text, zone: zone, dateMeans: edge)
        }
        let ahead = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(now.seconds))))
        let today = CalendarDate(daysSinceEpoch: Int((now.seconds + ahead) / 86_400))
        return try Timestamp("\(today)T\(text)", zone: zone, dateMeans: edge)
    }
}
