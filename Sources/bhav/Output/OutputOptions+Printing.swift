import Foundation
import MarketData
import MarketFormats
import NIOCore

extension OutputOptions {
    /// Prints an answer as asked for; on a terminal as a table, in a pipe as csv.
    /// - Throws: `CommandFailure` where it cannot be written.
    func print(_ answer: some Answer, withHeader: Bool = true) throws {
        try print(answer, to: destination(), withHeader: withHeader)
    }

    /// Prints an answer to a place.
    func print(_ answer: some Answer, to destination: borrowing DataOutput, withHeader: Bool = true) throws {
        let format = format(inPipe: .csv)
        guard let encoding = AnswerFormat(rawValue: format.rawValue) else {
            return try destination.write(table(of: answer))
        }
        let bytes = answer.encoded(as: encoding, times: time ?? .unix).readableBytesView
        let endOfHeader = bytes.firstIndex(of: UInt8(ascii: "\n")).map { bytes.index(after: $0) }
        let body = format == .csv && !withHeader ? endOfHeader ?? bytes.startIndex : bytes.startIndex
        try destination.write(Array(bytes[body...]))
    }

    /// Whether the provenance stands in what is printed; where it does not, it is said beside.
    var holdsProvenance: Bool { format(inPipe: .csv) == .json }

    private func table(of answer: some Answer) -> String {
        var rows: [[Cell]] = []
        answer.rows { rows.append($0) }
        let columns = answer.columns.indices.map { index in
            (answer.columns[index], TextTable.alignment(of: rows.first?[index]))
        }
        var table = TextTable(columns)
        for row in rows {
            table.add(row.map { TextTable.text(of: $0, times: time ?? .exchange, zone: answer.timeZone) })
        }
        return table.text()
    }
}

extension TextTable {
    static func alignment(of cell: Cell?) -> Alignment {
        switch cell {
        case .number, .integer: .right
        default: .left
        }
    }

    /// The text of a cell; `-` for what is unknown.
    static func text(of cell: Cell, times: TimeStyle, zone: TimeZone?) -> String {
        let text: String? =
            switch cell {
            case .text(let text): text
            case .number(let value): value?.shortest
            case .integer(let value): value.map(String.init)
            case .bool(let value): value ? "yes" : "no"
            case .time(let time): time.map { times.text($0, zone: zone) }
            }
        return text ?? "-"
    }
}
