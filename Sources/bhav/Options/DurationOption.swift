import ArgumentParser
import MarketData

/// A length of time as people write it: `30s`, `10m`, `2h`, `1h30m`, `90 min`, or plain seconds.
struct DurationOption: ExpressibleByArgument, Hashable, CustomStringConvertible {
    private static let longest = 366 * 86_400

    /// The length, more than nothing.
    let seconds: Int
    private let text: String

    init?(argument: String) {
        var rest = argument.lowercased().filter { $0 != " " }[...]
        var seconds = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest[digits.endIndex...]
            let unit = rest.prefix { !$0.isNumber }
            rest = rest[unit.endIndex...]
            guard let number = Int(digits), number <= DurationOption.longest,
                let length = DurationOption.units[String(unit)]
            else { return nil }
            seconds += number * length
            guard seconds <= DurationOption.longest else { return nil }
        }
        guard seconds > 0 else { return nil }
        self.seconds = seconds
        text = argument
    }

    var duration: Duration { .seconds(seconds) }
    var description: String { text }
    var defaultValueDescription: String { text }

    /// What an error lists.
    static var allValueStrings: [String] { ["30s", "10m", "2h"] }

    private static let units: [String: Int] = [
        "": 1, "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "m": 60, "min": 60, "mins": 60, "minute": 60,
        "minutes": 60, "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600, "d": 86_400, "day": 86_400,
        "days": 86_400,
    ]
}
