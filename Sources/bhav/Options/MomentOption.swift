import Foundation
import MarketData

/// The moment that `--at` means.
enum MomentOption {
    /// Reads what a range's ends are read from, or a time alone, which is the exchange's of today.
    /// - Throws: `MarketDataError`, naming the text.
    static func moment(_ text: String, of symbol: Symbol, now: Timestamp) throws(MarketDataError) -> Timestamp {
        let zone = ExchangeZone.zone(of: symbol.exchange)
        guard let zone, ClockTime(text) != nil else {
            return try Timestamp(text, zone: zone, dateMeans: .end)
        }
        let ahead = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(now.seconds))))
        let today = CalendarDate(daysSinceEpoch: Int((now.seconds + ahead) / 86_400))
        return try Timestamp("\(today)T\(text)", zone: zone, dateMeans: .end)
    }
}
