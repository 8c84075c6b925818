import Foundation
import MarketData

/// A moment told by how long ago it was: `12h`, or `30d`, `26w`, `2y` for a day of the exchange.
enum AgoOption {
    /// The moment in the form that any other has: a date, or an instant; `nil` where the text tells no such thing.
    ///
    /// Days are dates, so that the same order of the same day stays the same. A year has 365 of them.
    static func text(_ text: String, zone: TimeZone, now: Timestamp) -> String? {
        let lengths: [Character: Int64] = ["h": 0, "d": 1, "w": 7, "y": 365]
        guard let days = text.last.flatMap({ lengths[$0] }), let count = Int64(text.dropLast()),
            (1...100_000).contains(count)
        else { return nil }
        guard days > 0 else { return now.advanced(bySeconds: -count * 3_600).description }
        let ahead = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(now.seconds))))
        let today = CalendarDate.split(seconds: now.seconds + ahead).date
        return today.advanced(byDays: -Int(count * days)).description
    }
}
