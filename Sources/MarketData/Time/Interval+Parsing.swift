extension Interval {
    /// Reads `5m 1h 1d 1w 1M 15s`, and TradingView's `5 60 D 1D 1W 1M 15S`. `m` is a minute, `M` a month.
    /// - Throws: `MarketDataError` with code `unknownInterval`, naming the text and the spellings that work.
    public init(_ text: String) throws(MarketDataError) {
        guard text.utf8.count <= Interval.longestText else { throw Interval.unknown("\(text.prefix(16))...") }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let letters = text.dropFirst(digits.count)
        let count = digits.isEmpty ? (letters.isEmpty ? nil : 1) : Int(digits)
        let bareUnitIsPlain = !digits.isEmpty || ["D", "W", "M", "d", "w"].contains(letters)
        guard let count, bareUnitIsPlain, let unit = Interval.unit(letters) else {
            throw Interval.unknown(text)
        }
        guard let interval = Interval(count, unit) else {
            if unit == .minute || unit == .hour, count > 0 {
                throw .init(.unknownInterval, "the interval '\(text)' reaches over a day; write it in days, such as 1d")
            }
            if count > 0, unit != .second {
                throw .init(
                    .unknownInterval,
                    "the interval '\(text)' is too long; the longest are \(Unit.day.largestCount)d, "
                        + "\(Unit.week.largestCount)w and \(Unit.month.largestCount)M")
            }
            throw Interval.unknown(text)
        }
        self = interval
    }

    private static func unit(_ letters: Substring) -> Unit? {
        switch letters {
        case "", "m": .minute
        case "s", "S": .second
        case "h", "H": .hour
        case "d", "D": .day
        case "w", "W": .week
        case "M": .month
        default: nil
        }
    }

    private static let longestText = 32

    private static func unknown(_ text: String) -> MarketDataError {
        MarketDataError(
            .unknownInterval,
            "unknown interval '\(text)'; write one of 1s 5s 15s 30s 1m 3m 5m 15m 30m 45m 1h 2h 3h 4h 1d 1w 1M, "
                + "or another whole number of them"
        )
    }
}
