import Foundation
import JSON
import MarketData

/// Writes rows as RFC 4180 csv with plain newlines; an unknown value is an empty field.
struct CSVWriter {
    private(set) var bytes: [UInt8] = []
    let times: TimeStyle
    let zone: TimeZone?

    init(times: TimeStyle, zone: TimeZone?) {
        self.times = times
        self.zone = zone
    }

    mutating func writeHeader(_ columns: [String]) {
        bytes.append(contentsOf: (columns.joined(separator: ",") + "\n").utf8)
    }

    mutating func write(_ cells: [Cell]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(cell)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func write(_ cell: Cell) {
        switch cell {
        case .text(let text): if let text { write(text) }
        case .number(let value): if let value, value.isFinite { bytes.append(shortest: value) }
        case .integer(let value): if let value { bytes.append(decimal: value) }
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .time(let time):
            guard let time else { return }
            if times == .unix {
                bytes.append(decimal: time.seconds)
            } else {
                write(times.text(time, zone: zone))
            }
        }
    }

    /// A spreadsheet takes a text that begins so for a formula and runs it; an apostrophe makes it a text.
    private static func isFormula(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        if "=+@\t\r".utf8.contains(first) { return Double(text) == nil }
        return first == UInt8(ascii: "-") && text.utf8.count > 1 && Double(text) == nil
    }

    private mutating func write(_ text: String) {
        // Control characters are not part of a name, and a terminal would obey them.
        let isPlain = text.unicodeScalars.allSatisfy {
            $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) || $0 == "\n"
        }
        var text =
            isPlain
            ? text
            : String(
                text.unicodeScalars.map {
                    $0.value < 0x20 && $0 != "\n" || (0x7F..<0xA0).contains($0.value) ? "\u{FFFD}" : Character($0)
                })
        if CSVWriter.isFormula(text) { text = "'" + text }
        let needsQuotes = text.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
        bytes.append(contentsOf: (needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text).utf8)
    }
}
