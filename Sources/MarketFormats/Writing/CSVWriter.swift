import Foundation
import MarketData
import NIOCore

/// Writes rows as RFC 4180 csv with plain newlines; an unknown value is an empty field.
struct CSVWriter {
    private(set) var buffer = ByteBuffer()
    let times: TimeStyle
    let zone: TimeZone?

    init(times: TimeStyle, zone: TimeZone?) {
        self.times = times
        self.zone = zone
    }

    mutating func writeHeader(_ columns: [String]) {
        buffer.writeString(columns.joined(separator: ",") + "\n")
    }

    mutating func write(_ cells: [Cell]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
            write(cell)
        }
        buffer.writeInteger(UInt8(ascii: "\n"))
    }

    private mutating func write(_ cell: Cell) {
        switch cell {
        case .text(let text): if let text { write(text) }
        case .number(let value): if let value, value.isFinite { buffer.writeShortest(value) }
        case .integer(let value): if let value { buffer.writeInteger(decimal: value) }
        case .bool(let value): buffer.writeString(value ? "true" : "false")
        case .time(let time):
            guard let time else { return }
            if times == .unix {
                buffer.writeInteger(decimal: time.seconds)
            } else {
                write(times.text(time, zone: zone))
            }
        }
    }

    private mutating func write(_ text: String) {
        let needsQuotes = text.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
        buffer.writeString(needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text)
    }
}
