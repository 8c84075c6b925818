import ArgumentParser
import Foundation
import MarketData

/// Which series of bars, and how far back.
struct SeriesOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: "1s 5s 15s 30s 1m 3m 5m 15m 30m 45m 1h 2h 3h 4h 1d 1w 1M, or another whole number.")
    var interval = "1d"

    @Option(name: [.customShort("n"), .long], help: "The newest bars, this many (default 300 without --from).")
    var bars: Int?

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

    @Option(name: .long, help: "Prices converted to this currency, such as USD.")
    var currency: String?

    /// The request that the options mean.
    /// - Throws: `MarketDataError`, naming the option that is wrong.
    func request(symbol: Symbol, now: Timestamp) throws -> BarRequest {
        guard let hours = TradingHours(rawValue: session) else {
            throw MarketDataError.badRequest("--session '\(session)' is neither regular nor extended")
        }
        guard let adjustment = Adjustment(rawValue: adjustment) else {
            throw MarketDataError.badRequest("--adjustment '\(adjustment)' is none of splits, dividends, none")
        }
        let request = BarRequest(
            symbol: symbol, interval: try Interval(interval), span: try span(symbol: symbol, now: now), hours: hours,
            adjustment: adjustment, backAdjusted: backAdjust, currency: currency)
        try request.validate()
        return request
    }

    private func span(symbol: Symbol, now: Timestamp) throws -> BarRequest.Span {
        guard let range = try TimeRangeOption.range(from: from, to: to, symbol: symbol, now: now) else {
            return .count(bars ?? 300)
        }
        if bars != nil { throw MarketDataError.badRequest("--bars and --from cannot be used together") }
        return .range(range)
    }
}
