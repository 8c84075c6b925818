public import ArgumentParser
import Foundation
public import MarketData
import MarketStore

/// Which series of bars, and how far back.
struct SeriesOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "Length of a bar; other whole numbers such as 10m are accepted.")
    var interval = Interval.oneDay

    @Option(name: [.customShort("n"), .long], help: "Number of most recent bars (default: 300, or all from --from).")
    var bars: Int?

    @Option(name: .long, help: ArgumentHelp(stringLiteral: TimeRangeOption.fromHelp))
    var from: String?

    @Option(name: .long, help: ArgumentHelp(stringLiteral: TimeRangeOption.toHelp))
    var to: String?

    @Option(name: .long, help: "Trading hours.")
    var session = TradingHours.regular

    @Option(name: .long, help: "Adjustment of past prices.")
    var adjustment = Adjustment.splits

    @Flag(name: .long, help: "Adjust for the rolls of a continuous future.")
    var backAdjust = false

    @Option(name: .long, help: "Currency that prices are converted to, such as USD.")
    var currency: String?

    /// The request of the options.
    /// - Throws: `MarketDataError`, naming the invalid option.
    func request(symbol: Symbol, now: Timestamp) throws -> BarRequest {
        let request = BarRequest(
            symbol: symbol, interval: interval, span: try span(symbol: symbol, now: now), hours: session,
            adjustment: adjustment, backAdjusted: backAdjust, currency: currency)
        try request.validate()
        return request
    }

    private func span(symbol: Symbol, now: Timestamp) throws -> BarRequest.Span {
        guard let range = try TimeRangeOption.range(from: from, to: to, symbol: symbol, now: now) else {
            return .count(bars ?? 300)
        }
        if bars != nil { throw MarketDataError.badRequest("--bars and --from exclude each other; use one of them") }
        return .range(range)
    }
}

/// Which series of the store, and which part of it.
struct StoredSeriesOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "Length of a bar; other whole numbers such as 10m are accepted.")
    var interval = IntervalList(.oneDay)

    @Option(name: .long, help: ArgumentHelp(stringLiteral: TimeRangeOption.fromHelp))
    var from: String?

    @Option(name: .long, help: ArgumentHelp(stringLiteral: TimeRangeOption.toHelp))
    var to: String?

    @Option(name: .long, help: "Trading hours.")
    var session = TradingHours.regular

    @Option(name: .long, help: "Adjustment of past prices.")
    var adjustment = Adjustment.splits

    @Flag(name: .long, help: "Adjust for the rolls of a continuous future.")
    var backAdjust = false

    /// The series of a symbol and the options.
    /// - Throws: `MarketDataError`, naming the invalid option.
    func key(_ symbol: Symbol) throws -> SeriesKey {
        try key(symbol, interval.only())
    }

    /// The series of a symbol and an interval.
    func key(_ symbol: Symbol, _ interval: Interval) -> SeriesKey {
        SeriesKey(
            symbol: symbol, interval: interval, hours: session, adjustment: adjustment, backAdjusted: backAdjust)
    }

    /// The most bars that one command looks through: about 76 years of minutes without nights.
    private static let mostBars: Int64 = 40_000_000

    /// The range of the options; `nil` without `--from`.
    /// - Throws: `MarketDataError`.
    func range(of symbol: Symbol, now: Timestamp) throws -> TimeRange? {
        let range = try TimeRangeOption.range(from: from, to: to, symbol: symbol, now: now)
        if let range, let (interval, seconds) = shortest {
            let bars = (range.to.seconds - range.from.seconds) / seconds
            guard bars <= StoredSeriesOptions.mostBars else {
                throw MarketDataError(
                    .tooLarge,
                    "the range from \(range.from) to \(range.to) may hold \(bars) bars of \(interval); "
                        + "choose a later --from or an earlier --to")
            }
        }
        return range
    }

    /// The interval of the most bars, and its length.
    private var shortest: (Interval, Int64)? {
        interval.intervals.compactMap { interval in interval.seconds.map { (interval, $0) } }.min { $0.1 < $1.1 }
    }
}

extension Interval: ExpressibleByArgument {
    /// Reads `5m` and common spellings of it: `5min`, `1 hour`, `daily`.
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

/// Intervals separated by commas.
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
