import ArgumentParser
import BhavApp
import Foundation
import MarketAnswers
import MarketData
import MarketHub

/// Past bars of many symbols, one after another: what came is printed or filed, and each symbol's outcome is told.
///
/// With a folder to write to the work can be taken up again: a symbol whose file is there is not fetched twice.
struct HistoryBatch: Sendable {
    let requests: [BarRequest]
    let output: OutputOptions
    let pause: Duration
    let overwrite: Bool

    private struct Outcome {
        var words: String
        var error: MarketDataError?
    }

    func run(_ market: Market) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let bar = ProgressBar(total: requests.count)
        var failures: [MarketDataError] = []
        var isPartial = false
        for (index, request) in requests.enumerated() {
            try Task.checkCancellation()
            if index > 0 { try await Task.sleep(for: pause) }
            show(bar.line(done: index, seconds: (clock.now - start) / .seconds(1), label: "\(request.symbol)"))
            do {
                let words = try await fetch(request, market, isFirst: index == 0, isPartial: &isPartial)
                say("ok      \(request.symbol)  \(words)")
            } catch let error as MarketDataError {
                failures.append(error)
                say("FAILED  \(request.symbol)  \(CommandFailure(error).message)")
            }
        }
        let seconds = Int((clock.now - start) / .seconds(1))
        say("\(requests.count - failures.count) of \(requests.count) symbols in \(seconds) s")
        if failures.count == requests.count, let first = failures.first {
            throw ExitCode(CommandExit(first.code).rawValue)
        }
        if isPartial || !failures.isEmpty { throw ExitCode(CommandExit.partial.rawValue) }
    }

    private func fetch(
        _ request: BarRequest, _ market: Market, isFirst: Bool, isPartial: inout Bool
    ) async throws -> String {
        if let path = path(for: request), !overwrite, FileManager.default.fileExists(atPath: path) {
            return "is there already: \(path)"
        }
        let series = try await market.hub.bars(request)
        try write(series, withHeader: isFirst)
        if !series.isComplete { isPartial = true }
        let missing = series.isComplete ? "" : ", fewer than asked: \(series.shortfall?.rawValue ?? "gaps")"
        return "\(series.bars.count) bars\(missing); \(series.words)"
    }

    private func write(_ series: BarSeries, withHeader: Bool) throws {
        guard let path = path(for: series.request) else {
            return try output.print(SymbolColumn(series: series), withHeader: withHeader)
        }
        // A file under its own name is whole: what an interrupted run leaves behind has another.
        let unfinished = path + ".part"
        try output.print(series, to: DataOutput(path: unfinished))
        guard rename(unfinished, path) == 0 else { throw CommandFailure.cannotWrite(path, errno) }
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
        Console.say("bhav: \(line)")
    }
}

/// A series whose rows begin with their symbol, for rows of several symbols in one stream.
private struct SymbolColumn: Answer {
    let series: BarSeries

    var timeZone: TimeZone? { series.timeZone }
    var columns: [String] { ["symbol"] + series.columns }

    func rows(_ emit: ([Cell]) -> Void) {
        let symbol = Cell.text(series.request.symbol.description)
        series.rows { emit([symbol] + $0) }
    }

    func write(to json: inout JSONWriter) { series.write(to: &json) }
}
