import ArgumentParser
import BhavApp
import Foundation
import JSON
import MarketData
import MarketFormats
import MarketHub

/// Past bars of many symbols, one after another, printed or written to files; each symbol's outcome is reported.
///
/// With a folder to write to, the command can be repeated: a symbol whose file exists is not fetched again.
struct HistoryBatch: Sendable {
    /// A request, or the reason why a name has none.
    struct Item: Sendable {
        let label: String
        let request: Result<BarRequest, SymbolName.Unknown>
    }

    let items: [Item]
    let output: OutputOptions
    let pause: Duration
    let overwrite: Bool

    /// The outcomes so far.
    private struct Tally {
        var failures: [MarketDataError] = []
        var done = 0
        var isPartial = false
        /// The columns of the rows in one stream, once the first are printed: all have the same.
        var columns: [String]?
    }

    func run(_ hub: MarketHub) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let bar = ProgressBar(total: items.count)
        var tally = Tally()
        defer {
            let seconds = Int((clock.now - start) / .seconds(1))
            say("\(tally.done) of \(items.count) symbols in \(seconds) s")
        }
        for (index, item) in items.enumerated() {
            try Task.checkCancellation()
            if index > 0 { try await Task.sleep(for: pause) }
            show(bar.line(done: index, seconds: (clock.now - start) / .seconds(1), label: item.label))
            do {
                let words = try await fetch(item.request.get(), hub, &tally)
                tally.done += 1
                say("ok      \(item.label)  \(words)")
            } catch let unknown as SymbolName.Unknown {
                let error = unknown.located(await hub.proposing(unknown.error, for: unknown.name))
                tally.failures.append(error)
                say("FAILED  \(item.label)  \(CommandFailure(error).message)")
            } catch let error as MarketDataError {
                tally.failures.append(error)
                say("FAILED  \(item.label)  \(CommandFailure(error).message)")
            }
        }
        if tally.failures.count == items.count, let first = tally.failures.first {
            throw ExitCode(CommandExit(first.code).rawValue)
        }
        if tally.isPartial || !tally.failures.isEmpty { throw ExitCode(CommandExit.partial.rawValue) }
    }

    private func fetch(_ request: BarRequest, _ hub: MarketHub, _ tally: inout Tally) async throws -> String {
        if let path = path(for: request), !overwrite, FileManager.default.fileExists(atPath: path) {
            return "exists, not fetched: \(path)"
        }
        let series = try await hub.bars(request)
        try write(series, &tally)
        if !series.isComplete { tally.isPartial = true }
        let missing = series.isComplete ? "" : ", fewer than requested: \(series.shortfall?.rawValue ?? "gaps")"
        return "\(series.bars.count) bars\(missing); \(series.words)"
    }

    private func write(_ series: BarSeries, _ tally: inout Tally) throws {
        guard let path = path(for: series.request) else {
            let columns = tally.columns ?? HistoryBatch.columns(first: series)
            try output.print(SymbolColumn(series: series, columns: columns), withHeader: tally.columns == nil)
            tally.columns = columns
            return
        }
        // A file under its own name is whole: what an interrupted run leaves behind has another.
        let unfinished = path + ".part"
        try output.print(series, to: DataOutput(path: unfinished))
        guard rename(unfinished, path) == 0 else { throw CommandFailure.cannotWrite(path, errno) }
    }

    /// The columns of rows of several symbols: always with open interest, which a later series may be the first to have.
    private static func columns(first series: BarSeries) -> [String] {
        ["symbol"] + series.columns.filter { $0 != BarSeries.openInterestColumn } + [BarSeries.openInterestColumn]
    }

    /// The symbol's file in the folder; `nil` where all goes to standard output.
    private func path(for request: BarRequest) -> String? {
        guard let folder = output.output, folder != "-" else { return nil }
        let name = request.symbol.description.replacing(":", with: "_").replacing("/", with: "_")
        let format = output.format(inPipe: .csv)
        return
            "\(folder.hasSuffix("/") ? String(folder.dropLast()) : folder)/\(name)-\(request.interval).\(format == .table ? "txt" : format.rawValue)"
    }

    private func show(_ line: String) {
        if Console.isTerminal { Console.write("\r\u{1B}[K\(line)") }
    }

    private func say(_ line: String) {
        if Console.isTerminal { Console.write("\r\u{1B}[K") }
        Console.say("bhav: \(line.replacing("\n", with: "\n      "))")
    }
}

/// A series whose rows begin with their symbol, for rows of several symbols in one stream: all have the same columns.
private struct SymbolColumn: MarketResponse {
    let series: BarSeries
    let columns: [String]

    var timeZone: TimeZone? { series.timeZone }
    var rowProvenance: Provenance? { series.rowProvenance }

    func rows(_ emit: ([Cell]) -> Void) {
        let symbol = Cell.text(series.request.symbol.description)
        series.rows { cells in
            let row = [symbol] + cells.prefix(columns.count - 1)
            emit(row + Array(repeating: .number(nil), count: columns.count - row.count))
        }
    }

    func write(to json: inout JSONWriter) { series.write(to: &json) }
}
