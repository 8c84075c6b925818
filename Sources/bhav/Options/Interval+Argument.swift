public import ArgumentParser
public import MarketData

extension Interval: ExpressibleByArgument {
    /// Reads `5m`, and what people type for it: `5min`, `1 hour`, `daily`.
    public init?(argument: String) {
        if let interval = try? Interval(argument) {
            self = interval
            return
        }
        let text = argument.lowercased().filter { $0 != " " && $0 != "-" && $0 != "_" }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let unit = Interval.words[String(text.dropFirst(digits.count))],
            let count = digits.isEmpty ? 1 : Int(digits), let interval = Interval(count, unit)
        else { return nil }
        self = interval
    }

    /// What an error lists; any other whole number works too.
    public static var allValueStrings: [String] {
        ["1s", "5s", "15s", "30s", "1m", "3m", "5m", "15m", "30m", "45m", "1h", "2h", "3h", "4h", "1d", "1w", "1M"]
    }

    public var defaultValueDescription: String { description }

    private static let words: [String: Unit] = {
        let names: [Unit: [String]] = [
            .second: ["sec", "secs", "second", "seconds"],
            .minute: ["min", "mins", "minute", "minutes"],
            .hour: ["hr", "hrs", "hour", "hours", "hourly"],
            .day: ["day", "days", "daily"],
            .week: ["wk", "wks", "week", "weeks", "weekly"],
            .month: ["mo", "mon", "month", "months", "monthly"],
        ]
        return Dictionary(uniqueKeysWithValues: names.flatMap { unit, words in words.map { ($0, unit) } })
    }()
}

/// Intervals divided by commas.
struct IntervalList: ExpressibleByArgument, Hashable {
    /// Each once, in the order given.
    let intervals: [Interval]

    init(_ interval: Interval) { intervals = [interval] }

    init?(argument: String) {
        var intervals: [Interval] = []
        for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let interval = Interval(argument: name.filter { $0 != " " }) else { return nil }
            if !intervals.contains(interval) { intervals.append(interval) }
        }
        self.intervals = intervals
    }

    static var allValueStrings: [String] { Interval.allValueStrings }
    var defaultValueDescription: String { intervals.map(\.description).joined(separator: ",") }

    /// The one interval.
    /// - Throws: `MarketDataError` where there are several.
    func only() throws(MarketDataError) -> Interval {
        guard intervals.count == 1 else {
            throw .badRequest("--interval takes one interval here, got \(defaultValueDescription)")
        }
        return intervals[0]
    }
}

extension Strike: ExpressibleByArgument {
    /// Reads a price such as `26000` or `112.5`, or grouped as `26,000`.
    public init?(argument: String) { self.init(argument.filter { $0 != "," }) }
}

extension TradingHours: ExpressibleByArgument {}

extension Adjustment: ExpressibleByArgument {}
