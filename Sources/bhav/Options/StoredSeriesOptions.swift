import ArgumentParser
import MarketData
import MarketStore

/// Which series of the store, and which part of it.
struct StoredSeriesOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "Length of a bar: 1s to 45m, 1h to 4h, 1d, 1w, 1M, or another whole number.")
    var interval = IntervalList(.oneDay)

    @Option(name: .long, help: ArgumentHelp(stringLiteral: TimeRangeOption.fromHelp))
    var from: String?

    @Option(name: .long, help: ArgumentHelp(stringLiteral: TimeRangeOption.toHelp))
    var to: String?

    @Option(name: .long, help: "Trading hours.")
    var session = TradingHours.regular

    @Option(name: .long, help: "What past prices are adjusted for.")
    var adjustment = Adjustment.splits

    @Flag(name: .long, help: "Adjust for the rolls of a continuous future.")
    var backAdjust = false

    /// The series of a symbol that the options mean.
    /// - Throws: `MarketDataError`, naming the option that is wrong.
    func key(_ symbol: Symbol) throws -> SeriesKey {
        try key(symbol, interval.only())
    }

    /// The series of a symbol and an interval.
    func key(_ symbol: Symbol, _ interval: Interval) -> SeriesKey {
        SeriesKey(
            symbol: symbol, interval: interval, hours: session, adjustment: adjustment, backAdjusted: backAdjust)
    }

    /// More bars than this are never looked through at once: some 76 years of minutes without a night.
    private static let mostBars: Int64 = 40_000_000

    /// The range that the options mean; `nil` without `--from`.
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
