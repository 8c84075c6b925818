import Foundation
import MarketData

@testable import MarketFormats
@testable import MarketServer

extension FuzzTarget {
    static let fileTargets = [
        FuzzTarget(name: "calendar", read: readCalendar),
        FuzzTarget(name: "csv", read: readBars),
        FuzzTarget(name: "lists", read: readLists),
    ]

    private static func readCalendar(_ input: [UInt8]) throws {
        guard let file = try? CalendarFile(json: input), let tables = try? ExchangeTables.builtIn.overlaid(with: file)
        else { return }
        let date = CalendarDate(daysSinceEpoch: 20_800)
        try require(TradingCalendar.nse(tables).tradingDay(after: date) > date, "a trading day before its predecessor")
    }

    /// Bars of five minutes and of a day, with and without rows that are invalid.
    private static func readBars(_ input: [UInt8]) throws {
        let now = Timestamp(seconds: 1_795_910_400)
        let symbol = Symbol(exchange: "NSE", ticker: "NIFTY")
        for interval in [Interval.fiveMinutes, Interval.oneDay] {
            for skips in [false, true] {
                let series = BarFileSeries(
                    symbol: symbol, interval: interval, instrument: nil,
                    boundaries: BarBoundaries(interval: interval), zone: nil, now: now)
                guard
                    let options = try? BarFileOptions(columns: nil, dateFormat: nil, decimal: nil, skipsInvalid: skips),
                    let contents = try? BarFileReader(series: series, options: options).read(input)
                else { continue }
                let bars = contents.bars
                try requireRising(bars.map(\.time), "times")
                try require(bars.allSatisfy { $0.time <= now }, "a bar of the future")
                try require(
                    bars.allSatisfy { [$0.open, $0.high, $0.low, $0.close].allSatisfy(\.isFinite) },
                    "a price that is not a number")
            }
        }
    }

    private static func readLists(_ input: [UInt8]) throws {
        let text = String(decoding: input, as: UTF8.self)
        if let symbols = try? SymbolListText.symbols(input) {
            try require(symbols.allSatisfy { !$0.name.isEmpty && $0.line > 0 }, "a symbol without a name")
        }
        if let keys = try? APIKey.read(file: text) {
            let again = try? APIKey.read(file: keys.map(\.line).joined(separator: "\n"))
            try require(again?.map(\.line) == keys.map(\.line), "keys do not read back")
        }
        _ = try? DateInput.iso(text)
        let request = BarRequest(
            symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), interval: .fiveMinutes, span: .count(1))
        _ = try? BarSeries(response: input, to: request)
        _ = MarketDataError(response: input)
        _ = try? ServerSource.sources(response: input)
    }
}
