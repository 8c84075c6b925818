import Foundation
import MarketData

/// Reads the times of a file of bars: seconds, milliseconds or nanoseconds since 1970, or text as pandas and ISO 8601
/// have it. A text without a zone is the exchange's; the date of a daily bar is the opening of that day.
struct BarFileTimes {
    let interval: Interval
    let boundaries: BarBoundaries?
    let zone: TimeZone?

    /// - Throws: `MarketDataError`, naming the text.
    func time(_ text: Substring) throws(MarketDataError) -> Timestamp {
        if let instant = BarFileTimes.number(text) { return instant }
        let time = try Timestamp(String(text), zone: zone, dateMeans: .start)
        guard !interval.isIntraday, let boundaries, isMidnight(text) else { return time }
        let bar = boundaries.firstBar(openingAtOrAfter: time)
        return bar.from < time.advanced(bySeconds: 86_400) ? bar.from : time
    }

    /// `2026-11-20`, or with a time that is zero and no zone, as pandas writes dates among times.
    private func isMidnight(_ text: Substring) -> Bool {
        text.utf8.count == 10 || ["T00:00:00", " 00:00:00"].contains(text.dropFirst(10))
    }

    /// Which unit a number of seconds since 1970 or of their parts is in, its size tells.
    private static func number(_ text: Substring) -> Timestamp? {
        let digits = text.hasSuffix(".0") ? text.dropLast(2) : text
        guard let number = Int64(digits) else { return nil }
        return switch number.magnitude {
        case 0..<100_000_000_000: Timestamp(seconds: number)
        case 100_000_000_000..<100_000_000_000_000: Timestamp(milliseconds: number)
        case 100_000_000_000_000..<100_000_000_000_000_000: Timestamp(milliseconds: number / 1000)
        default: Timestamp(milliseconds: number / 1_000_000)
        }
    }
}
