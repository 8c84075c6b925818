import Foundation
import MarketData
import MarketStore

/// A file of bars, oldest first: csv with named columns or ndjson, as `bhav history` and `bhav export` write them, and as
/// other programs do.
struct BarFile {
    let path: String
    let key: SeriesKey
    /// Where bars must open; `nil` for anywhere.
    let boundaries: BarBoundaries?
    /// Whether the last bar is final where the file does not say.
    let isComplete: Bool
    let now: Timestamp

    /// Reads all bars in order, without holding them. Where the file does not say which bars are final, all but the last
    /// are: that one may have been forming when the file was written.
    /// - Throws: `CommandFailure`, naming the line.
    func forEachBar(_ body: (Bar) async throws -> Void) async throws {
        var lines = try BarFileLines(path: path)
        guard let first = try lines.nextFilled() else { throw fault(1, "the file is empty") }
        let header = first.hasPrefix("\u{FEFF}") ? first.dropFirst() : first
        let times = BarFileTimes(
            interval: key.interval, boundaries: boundaries, zone: ExchangeZone.zone(of: key.symbol.exchange))
        var columns: BarFileColumns?
        var line: Substring? = header
        if header.drop(while: \.isWhitespace).first != "{" {
            columns = try naming(1) { () throws(BarFileColumns.Fault) in
                try BarFileColumns(header: BarFile.fields(header))
            }
            line = try lines.nextFilled()
        }
        var waiting: (bar: Bar, isSaid: Bool)?
        while let text = line {
            let number = lines.number
            let row = try naming(number) { () throws(BarFileColumns.Fault) in
                if let columns {
                    try BarFileRow(fields: BarFile.fields(text), columns: columns)
                } else {
                    try BarFileRow(json: text)
                }
            }
            let next = try bar(row, times, number)
            try check(next.bar, after: waiting?.bar, number)
            if let waiting { try await body(waiting.bar) }
            waiting = next
            line = try lines.nextFilled()
        }
        guard var last = waiting else { return }
        if !last.isSaid { last.bar.isFinal = isComplete }
        try await body(last.bar)
    }

    private static func fields(_ line: Substring) -> [Substring] {
        line.split(separator: ",", omittingEmptySubsequences: false).map { field in
            field.utf8.count >= 2 && field.utf8.first == 0x22 && field.utf8.last == 0x22
                ? field.dropFirst().dropLast() : field
        }
    }

    private func bar(_ row: BarFileRow, _ times: BarFileTimes, _ line: Int) throws -> (bar: Bar, isSaid: Bool) {
        let time: Timestamp
        do { time = try times.time(row.text(.time)) } catch { throw fault(line, error.message) }
        let symbol = row.text(.symbol)
        guard symbol.isEmpty || names(symbol) else {
            throw fault(line, "the row is of '\(symbol)', and --symbol says \(key.symbol)")
        }
        return try naming(line) { () throws(BarFileColumns.Fault) in
            let isFinal = try row.isFinal()
            let bar = Bar(
                time: time, open: try row.number(.open), high: try row.number(.high), low: try row.number(.low),
                close: try row.number(.close), volume: try row.numberIfAny(.volume),
                openInterest: try row.numberIfAny(.openInterest), isFinal: isFinal ?? true)
            return (bar, isFinal != nil)
        }
    }

    /// Whether a text names the symbol, with its exchange or without.
    private func names(_ text: Substring) -> Bool {
        let name = text.uppercased()
        return name == key.symbol.description || name == key.symbol.ticker
    }

    private func check(_ bar: Bar, after last: Bar?, _ line: Int) throws {
        if bar.high < max(bar.open, bar.close, bar.low) || bar.low > min(bar.open, bar.close) {
            throw fault(line, "the prices do not lie between the low and the high")
        }
        if let volume = bar.volume, volume < 0 { throw fault(line, "volume \(volume.shortest) is below zero") }
        if bar.time > now { throw fault(line, "\(bar.time) is in the future") }
        if let last {
            guard last.time < bar.time else { throw fault(line, "\(bar.time) does not come after \(last.time)") }
            let step = bar.time.seconds - last.time.seconds
            if boundaries == nil, let seconds = key.interval.seconds, step < seconds {
                throw fault(line, "only \(step) s after the bar before; --interval says \(key.interval)")
            }
        }
        guard let boundaries, boundaries.bar(containing: bar.time)?.from != bar.time else { return }
        throw fault(
            line,
            "no bar of \(key.interval) opens at \(bar.time) by the exchange's calendar; is the interval right, and the "
                + "time zone? --any-time takes it in as it is")
    }

    private func naming<Value>(
        _ line: Int, _ work: () throws(BarFileColumns.Fault) -> Value
    ) throws -> Value {
        do { return try work() } catch { throw fault(line, error.words) }
    }

    private func fault(_ line: Int, _ words: String) -> CommandFailure {
        CommandFailure(message: "\(path), line \(line): \(words); nothing was stored", exitCode: .unreadable)
    }
}
