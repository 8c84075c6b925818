import Foundation
import MarketData
import MarketFormats
import NIOCore
import Testing

/// A row and the JSON of the same response are written by different code: each number of a row is that of its column.
@Suite("Columns of csv")
struct ColumnTests {
    private let provenance = Provenance(
        source: .nse, feed: "NSE", mode: .delayed, delaySeconds: 180, asOf: Timestamp(seconds: 1_787_292_487))

    @Test("each cell of open interest is the value of its column")
    func openInterest() throws {
        // No two values are equal, so that a value in another's column is noticed.
        let strikes = (0..<3).map { number in
            let base = Double(number) * 1_000
            return OptionStrike(
                strike: Strike(tenThousandths: 248_000_000 + Int64(number) * 500_000), call: side(base + 100),
                put: side(base + 500))
        }
        let snapshot = OpenInterestSnapshot(
            symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), expiry: CalendarDate(daysSinceEpoch: 20_788),
            unit: .shares, lotSize: 65, spot: 24_831.5, strikes: strikes, listedStrikes: 3, provenance: provenance)
        try compare(snapshot, list: "strikes") { column, row, whole in
            if let own = row[column] { return own }
            for side in ["call", "put"] where column.hasPrefix(side) && column.count > side.count {
                return (row[side] as? [String: Any])?[ColumnTests.lowercasedFirst(column.dropFirst(side.count))]
            }
            return whole[column]
        }
    }

    @Test("each cell of an option chain is the value of its column")
    func chain() throws {
        let response = OptionChainResponse(Chains.priced())
        try compare(response, list: "strikes") { column, row, whole in
            let heading = whole["analysis"] as? [String: Any]
            let model = whole["model"] as? [String: Any]
            if let own = row[column] { return own }
            for side in ["call", "put"] where column.hasPrefix(side) && column.count > side.count {
                let values = row[side] as? [String: Any]
                let greeks = values?["greeks"] as? [String: Any]
                let name = ColumnTests.lowercasedFirst(column.dropFirst(side.count))
                switch name {
                case "modelVolatility": return greeks?["impliedVolatility"]
                case "delta", "gamma", "vega", "theta", "rho": return greeks?[name]
                case "reason": return (values?["reasons"] as? [String: Any])?["greeks"]
                default: return values?[name]
                }
            }
            switch column {
            case "model": return model?["name"]
            default: return whole[column] ?? model?[column] ?? heading?[column]
            }
        }
    }

    @Test("each cell of a quote is the value of its column")
    func quotes() throws {
        var quote = Quote(symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), provenance: provenance)
        (quote.last, quote.bid, quote.ask, quote.open) = (101, 102, 103, 104)
        (quote.high, quote.low, quote.previousClose, quote.change) = (105, 106, 107, 108)
        (quote.changePercent, quote.volume, quote.openInterest) = (109, 110, 111)
        quote.session = "market"
        quote.lastTime = Timestamp(seconds: 1_787_292_400)
        try compare(QuoteList(quotes: [quote], errors: []), list: "quotes") { column, row, _ in row[column] }
    }

    private func side(_ base: Double) -> OptionData {
        OptionData(
            openInterest: base + 1, change: base + 2, previous: base + 3, last: base + 4, volume: base + 5,
            impliedVolatility: base + 6, priceChange: base + 7, bid: base + 8, ask: base + 9)
    }

    /// Compares the rows of a response with its JSON; `expected` finds a column's value.
    private func compare(
        _ response: some MarketResponse, list: String,
        expected: (_ column: String, _ row: [String: Any], _ whole: [String: Any]) -> Any?
    ) throws {
        let whole = try Chains.object(response)
        let objects = try #require(whole[list] as? [[String: Any]])
        var rows: [[Cell]] = []
        response.rows { rows.append($0) }
        try #require(rows.count == objects.count && !rows.isEmpty)
        for (row, object) in zip(rows, objects) {
            try #require(row.count == response.columns.count)
            for (column, cell) in zip(response.columns, row) {
                let value = expected(column, object, whole)
                switch cell {
                case .number(let number): #expect(isNear(number, (value as? NSNumber)?.doubleValue), "\(column)")
                case .integer(let number): #expect(number == (value as? NSNumber)?.int64Value, "\(column)")
                case .bool(let flag): #expect(flag == value as? Bool, "\(column)")
                case .text(let text): #expect(text == value as? String, "\(column)")
                case .time(let time): #expect(time?.seconds == (value as? NSNumber)?.int64Value, "\(column)")
                }
            }
        }
    }

    /// Equal but for the rounding of Foundation's JSON reader.
    private func isNear(_ cell: Double?, _ value: Double?) -> Bool {
        guard let cell, let value else { return cell == nil && value == nil }
        return abs(cell - value) <= abs(value) * 1e-12
    }

    private static func lowercasedFirst(_ name: Substring) -> String { name.prefix(1).lowercased() + name.dropFirst() }
}
