import ArgumentParser
import BhavApp
import Foundation
import MarketData
import MarketFormats
import MarketHub

/// `bhav pcr`: put-call ratios, now or over time.
struct PutCallRatioCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pcr",
        abstract: "Show put-call ratios, now or over time.",
        discussion: """
            Prints puts divided by calls, by open interest, by its change and, if the source reports it, by volume. An \
            undefined ratio is empty, with the reason on standard error.

            bhav pcr NIFTY
            bhav pcr NIFTY --from today --format csv
            """
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolName.argumentHelp))
    var symbol: String

    @OptionGroup var expiry: ExpiryOptions

    @Option(name: .long, help: "First moment of a series, of the exchange unless it has a zone.")
    var from: String?

    @Option(name: .long, help: "End of the series (default: now).")
    var to: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    private struct Input: Sendable {
        let symbol: Symbol
        var expiry: CalendarDate?
        let range: TimeRange?
    }

    func run() async throws {
        let output = output
        if from != nil || to != nil, let server = try? market.runningServer() {
            return try await printSeries(from: server)
        }
        try await market.withMarket(usingStore: true, reading: { try input() }) { [expiry] market, input in
            var input = input
            input.expiry = try await expiry.date(of: input.symbol, from: market.hub)
            let snapshots = try await PutCallRatioCommand.snapshots(input, market)
            guard let newest = snapshots.last else {
                throw MarketDataError(.noDataForTime, "no snapshots in that range; record them with bhav record")
            }
            let series = PutCallRatioSeries(symbol: input.symbol, snapshots: snapshots)
            if output.format(inPipe: .csv) == .table {
                var rows: [[String]] = []
                series.rows { rows.append($0.map(RatioTable.field)) }
                let table = RatioTable(columns: series.columns, rows: rows, zone: series.timeZone)
                try output.destination().write(table.text(output.time))
            } else {
                try output.print(series)
            }
            if !output.holdsProvenance { PutCallRatioCommand.say(series, newest) }
        }
    }

    /// Prints the series as the server sends it: it has the totals of each snapshot, not the snapshots.
    private func printSeries(from server: RunningServer) async throws {
        try await market.withMarket(reading: { try input() }) { [expiry, output] market, input in
            guard let range = input.range else { return }
            var query: [RunningServer.Parameter] = [
                ("symbol", input.symbol.description), ("from", range.from.description), ("to", range.to.description),
            ]
            if let date = try await expiry.date(of: input.symbol, from: market.hub) {
                query.append(("expiry", date.description))
            }
            let format = output.format(inPipe: .csv)
            let encoding = format == .table ? "csv" : format.rawValue
            let times = format == .table ? TimeStyle.unix : output.time ?? .unix
            let body = try await server.body(
                "/v1/put-call-ratio", query + [("format", encoding), ("time", times.rawValue)])
            guard format == .table else { return try output.destination().write(body) }
            let rows = String(decoding: body, as: UTF8.self).split(separator: "\n").map(CSVLine.fields)
            let zone = ExchangeZone.zone(of: input.symbol.exchange)
            let table = RatioTable(columns: rows.first ?? [], rows: Array(rows.dropFirst()), zone: zone)
            try output.destination().write(table.text(output.time))
        }
    }

    private static func say(_ series: PutCallRatioSeries, _ newest: OpenInterestTotals) {
        Console.say("bhav: \(series.symbol) \(newest.expiry), \(newest.provenance.words)")
        let window = newest.strikeWindow
        Console.say("      strikes: \(window.value?.words ?? window.reason ?? "unknown")")
        for basis in PutCallRatio.Basis.allCases {
            let ratio = newest.putCallRatio(by: basis)
            if let reason = ratio.reason { Console.say("      no ratio by \(basis.rawValue): \(reason)") }
            if let note = ratio.note { Console.say("      by \(basis.rawValue): \(note)") }
        }
        let differences = series.differences
        guard !differences.isEmpty else { return }
        Console.say(
            "      the points differ in \(differences.joined(separator: ", ")) (see each row), so their ratios are not comparable"
        )
    }

    private static func snapshots(_ input: Input, _ market: Market) async throws -> [OpenInterestTotals] {
        if let range = input.range {
            return try await market.hub.openInterestTotals(
                of: input.symbol, expiry: input.expiry, within: range)
        }
        let request = OpenInterestRequest(symbol: input.symbol, expiry: input.expiry)
        return [OpenInterestTotals(try await market.hub.openInterest(request))]
    }

    private func input() throws -> Input {
        let symbol = try SymbolName.symbol(symbol)
        let range = try TimeRangeOption.range(from: from, to: to, symbol: symbol, now: SystemClock.now())
        return Input(symbol: symbol, expiry: nil, range: range)
    }
}

/// Ratios over time as people read them, in 80 columns. Made of the rows of csv, which a server may have sent.
private struct RatioTable {
    let columns: [String]
    let rows: [[String]]
    let zone: TimeZone?

    /// A cell as csv has it.
    static func field(_ cell: Cell) -> String {
        switch cell {
        case .text(let text): text ?? ""
        case .number(let value): value?.shortest ?? ""
        case .integer(let value): value.map(String.init) ?? ""
        case .bool(let value): value ? "true" : "false"
        case .time(let time): time.map { "\($0.seconds)" } ?? ""
        }
    }

    func text(_ style: TimeStyle?) -> String {
        let label = style == nil ? "time (\(TableTimes(zone: zone).label))" : "time"
        let shown: [(column: String, heading: String)] = [
            ("openInterest", "PCR"), ("change", "change"), ("volume", "volume"), ("callOpenInterest", "call OI"),
            ("putOpenInterest", "put OI"), ("spot", "spot"),
        ]
        let places = shown.map { columns.firstIndex(of: $0.column) }
        let timePlace = columns.firstIndex(of: "time")
        let grouping = NumberGrouping(of: zone)
        var table = TextTable([(label, .left)] + shown.map { ($0.heading, .right) })
        for row in rows where row.count == columns.count {
            let seconds = timePlace.flatMap { Int64(row[$0]) }
            let time = seconds.map { Timestamp(seconds: $0) }.map { time in
                style?.text(time, zone: zone) ?? TableTimes(zone: zone).text(time)
            }
            let cells = places.map { place in
                place.flatMap { Double(row[$0]) }.map { grouping.text($0.rounded(to: 4)) } ?? "-"
            }
            table.add([time ?? "-"] + cells)
        }
        return table.text()
    }
}
