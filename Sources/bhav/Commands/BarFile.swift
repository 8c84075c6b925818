import Foundation
import MarketData
import MarketStore

/// A csv file of bars, as `bhav history` and `bhav export` write it: named columns, oldest first.
struct BarFile {
    private static let needed = ["time", "open", "high", "low", "close", "volume", "final"]
    private static let known = needed + ["openInterest"]

    let path: String
    let key: SeriesKey
    /// Where bars must open; `nil` for anywhere.
    let boundaries: BarBoundaries?
    let now: Timestamp

    /// Reads all bars in order, without holding them.
    /// - Throws: `CommandFailure`, naming the line.
    func forEachBar(_ body: (Bar) async throws -> Void) async throws {
        var lines = try BarFileLines(path: path)
        guard let header = try lines.next() else { throw fault(1, "the file is empty") }
        let columns = try columns(header)
        var last: Bar?
        while let line = try lines.next() {
            if line.isEmpty { continue }
            let bar = try bar(fields(line), columns, lines.number)
            try check(bar, after: last, lines.number)
            last = bar
            try await body(bar)
        }
    }

    private func columns(_ header: Substring) throws -> [String: Int] {
        let names = fields(header.hasPrefix("\u{FEFF}") ? header.dropFirst() : header).map(String.init)
        if let stranger = names.first(where: { !BarFile.known.contains($0) }) {
            throw fault(
                1, "the column '\(stranger)' is not known; the header is \(BarFile.needed.joined(separator: ","))")
        }
        if let lacking = BarFile.needed.first(where: { !names.contains($0) }) {
            throw fault(1, "the column '\(lacking)' is missing; the header is \(BarFile.needed.joined(separator: ","))")
        }
        guard Set(names).count == names.count else { throw fault(1, "a column is there twice") }
        return Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    }

    private func fields(_ line: Substring) -> [Substring] {
        line.split(separator: ",", omittingEmptySubsequences: false).map { field in
            field.count >= 2 && field.hasPrefix("\"") && field.hasSuffix("\"") ? field.dropFirst().dropLast() : field
        }
    }

    private func bar(_ fields: [Substring], _ columns: [String: Int], _ line: Int) throws -> Bar {
        guard fields.count == columns.count else {
            throw fault(line, "\(fields.count) fields, where the header names \(columns.count)")
        }
        func text(_ name: String) -> String { columns[name].map { String(fields[$0]) } ?? "" }
        func number(_ name: String) throws -> Double {
            guard let value = Double(text(name)), value.isFinite else {
                throw fault(line, "\(name) '\(text(name))' is no number")
            }
            return value
        }
        func numberIfAny(_ name: String) throws -> Double? { text(name).isEmpty ? nil : try number(name) }
        let isFinal: Bool
        switch text("final") {
        case "true": isFinal = true
        case "false": isFinal = false
        default: throw fault(line, "final '\(text("final"))' is neither true nor false")
        }
        return Bar(
            time: try time(text("time"), line), open: try number("open"), high: try number("high"),
            low: try number("low"), close: try number("close"), volume: try numberIfAny("volume"),
            openInterest: try numberIfAny("openInterest"), isFinal: isFinal)
    }

    private func time(_ text: String, _ line: Int) throws -> Timestamp {
        do {
            return try Timestamp(text, zone: ExchangeZone.zone(of: key.symbol.exchange), dateMeans: .start)
        } catch {
            throw fault(line, error.message)
        }
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

    private func fault(_ line: Int, _ words: String) -> CommandFailure {
        CommandFailure(message: "\(path), line \(line): \(words); nothing was stored", exitCode: .unreadable)
    }
}
