import MarketData

/// A length of time as people write it.
enum DurationOption {
    /// Reads `30s`, `10m`, `2h` or plain seconds.
    /// - Throws: `MarketDataError`, naming the option and the text.
    static func duration(_ text: String, option: String) throws -> Duration {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let seconds: Int? =
            switch text.dropFirst(digits.count) {
            case "", "s": 1
            case "m": 60
            case "h": 3600
            default: nil
            }
        guard let seconds, let number = Int(digits), number > 0, number < 1_000_000 else {
            throw MarketDataError.badRequest("\(option) '\(text)' is no length of time; write 30s, 10m or 2h")
        }
        return .seconds(number * seconds)
    }
}
