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

    private mutating func write(_ text: String) {
        let needsQuotes = text.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
        bytes.append(contentsOf: (needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text).utf8)
    }
}
