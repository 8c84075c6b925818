import ArgumentParser
import Foundation
import MarketData

/// Which series of bars, and how far back.
struct SeriesOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "Length of a bar: 1s to 45m, 1h to 4h, 1d, 1w, 1M, or another whole number.")
    var interval = Interval.oneDay

    @Option(name: [.customShort("n"), .long], help: "Number of most recent bars (default: 300, or all from --from).")
    var bars: Int?

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

    @Option(name: .long, help: "Currency that prices are converted to, such as USD.")
    var currency: String?

    /// The request that the options mean.
    /// - Throws: `MarketDataError`, naming the option that is wrong.
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
        if bars != nil { throw MarketDataError.badRequest("--bars and --from cannot be used together") }
        return .range(range)
    }
}
