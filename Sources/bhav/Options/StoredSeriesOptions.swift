import ArgumentParser
import MarketData
import MarketStore

/// Which series of the store, and which part of it.
struct StoredSeriesOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The length of a bar, as history takes it.")
    var interval = "1d"

    @Option(
        name: .long,
        help: "The first bar: a date, a time with a zone (without one it is the exchange's), or 12h, 30d, 26w, 2y ago.")
    var from: String?

    @Option(name: .long, help: "The end: a date, which is included, or a time, which is not (default now).")
    var to: String?

    @Option(name: .long, help: "regular or extended hours.")
    var session: String = TradingHours.regular.rawValue

    @Option(name: .long, help: "Past prices adjusted for splits, dividends or none.")
    var adjustment: String = Adjustment.splits.rawValue

    @Flag(name: .long, help: "Level out the rolls of a continuous future.")
    var backAdjust = false

    /// The series of a symbol that the options mean.
    /// - Throws: `MarketDataError`, naming the option that is wrong.
    func key(_ symbol: Symbol) throws -> SeriesKey {
        try SeriesKey(
            symbol, interval: interval, session: session, adjustment: adjustment, backAdjusted: backAdjust)
    }

    /// More bars than this are never looked through at once: some 76 years of minutes without a night.
    private static let mostBars: Int64 = 40_000_000

    /// The range that the options mean; `nil` without `--from`.
    /// - Throws: `MarketDataError`.
    func range(of symbol: Symbol, now: Timestamp) throws -> TimeRange? {
        let range = try TimeRangeOption.range(from: from, to: to, symbol: symbol, now: now)
        if let range, let seconds = try Interval(interval).seconds {
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
}

extension SeriesKey {
    /// The series that the texts of options mean.
    /// - Throws: `MarketDataError`, naming the option that is wrong.
    init(_ symbol: Symbol, interval: String, session: String, adjustment: String, backAdjusted: Bool) throws {
        guard let hours = TradingHours(rawValue: session) else {
            throw MarketDataError.badRequest("--session '\(session)' is neither regular nor extended")
        }
        guard let basis = Adjustment(rawValue: adjustment) else {
            throw MarketDataError.badRequest("--adjustment '\(adjustment)' is none of splits, dividends, none")
        }
        self.init(
            symbol: symbol, interval: try Interval(interval), hours: hours, adjustment: basis,
            backAdjusted: backAdjusted)
    }
}
