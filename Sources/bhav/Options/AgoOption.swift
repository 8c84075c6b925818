import Foundation
import MarketData

/// A moment told by how long ago it was: `12h`, or `30d`, `26w`, `2y` for a day of the exchange.
enum AgoOption {
    private static let mostYears: Int64 = 100

    /// The moment in the form that any other has: a date, or an instant; `nil` where the text tells no such thing.
    ///
    /// Days are dates, so that the same order of the same day stays the same. A year has 365 of them.
    /// - Throws: `MarketDataError.badRequest`, naming the text: for more than a hundred years, and for days of an exchange
    ///   whose zone is not known.
    static func text(_ text: String, zone: TimeZone?, now: Timestamp) throws(MarketDataError) -> String? {
        let hours: [Character: Int64] = ["h": 1, "d": 24, "w": 7 * 24, "y": 365 * 24]
        guard let unit = text.last, let length = hours[unit], let count = Int64(text.dropLast()), count > 0 else {
            return nil
        }
        guard count <= mostYears * 365 * 24 / length else {
            throw .badRequest("'\(text)' is more than \(mostYears) years ago")
        }
        guard unit != "h" else { return now.advanced(bySeconds: -count * 3_600).description }
        guard let zone else {
            throw .badRequest(
                "'\(text)' is a day of the exchange, whose time zone is not known; write a time with Z or an offset, "
                    + "as +05:30, or hours, as 48h")
        }
        let ahead = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(now.seconds))))
        let today = CalendarDate.split(seconds: now.seconds + ahead).date
        return today.advanced(byDays: -Int(count * length / 24)).description
    }
}
