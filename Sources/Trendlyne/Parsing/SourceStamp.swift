import MarketData

/// The source's time stamps: ISO 8601 with an offset, such as `2026-01-23T15:40:00+05:30`.
enum SourceStamp {
    /// The instant; `nil` for anything else, and for a stamp without offset, of which nobody could say what it means.
    static func timestamp(_ text: String) -> Timestamp? {
        let halves = text.split(separator: "T", omittingEmptySubsequences: false)
        guard halves.count == 2, let date = CalendarDate(halves[0]) else { return nil }
        guard let sign = halves[1].firstIndex(where: { "+-Z".contains($0) }),
            let offset = offsetSeconds(halves[1][sign...])
        else { return nil }
        let parts = halves[1][..<sign].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let time = parts.first.flatMap({ ClockTime($0) }) else { return nil }
        let milliseconds = parts.count == 2 ? fraction(parts[1]) : 0
        guard let milliseconds else { return nil }
        let seconds = Int64(date.daysSinceEpoch) * 86_400 + Int64(time.secondsAfterMidnight) - Int64(offset)
        return Timestamp(milliseconds: seconds * 1000 + milliseconds)
    }

    private static func offsetSeconds(_ text: Substring) -> Int? {
        if text == "Z" { return 0 }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.utf8.count == 4, let number = Int(digits), number >= 0 else { return nil }
        let seconds = number / 100 * 3600 + number % 100 * 60
        return text.hasPrefix("-") ? -seconds : seconds
    }

    private static func fraction(_ digits: Substring) -> Int64? {
        guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int64((digits + "00").prefix(3))
    }
}
