import Foundation
import JSON
import MarketData
import MarketFormats
import NIOCore

extension OutputOptions {
    /// Prints a response in the requested format; by default a table on a terminal and csv in a pipe.
    /// - Throws: `CommandFailure` where it cannot be written.
    func print(_ response: some MarketResponse, inPipe standard: OutputFormat = .csv, withHeader: Bool = true) throws {
        try print(response, to: destination(), inPipe: standard, withHeader: withHeader)
    }

    /// Prints a response to a destination.
    func print(
        _ response: some MarketResponse, to destination: borrowing DataOutput, inPipe standard: OutputFormat = .csv,
        withHeader: Bool = true
    ) throws {
        let format = format(inPipe: standard)
        guard let encoding = ResponseFormat(rawValue: format.rawValue) else {
            return try destination.write(table(of: response))
        }
        let bytes = response.encoded(as: encoding, times: time ?? .unix).readableBytesView
        let endOfHeader = bytes.firstIndex(of: UInt8(ascii: "\n")).map { bytes.index(after: $0) }
        let body = format == .csv && !withHeader ? endOfHeader ?? bytes.startIndex : bytes.startIndex
        try destination.write(Array(bytes[body...]))
    }

    /// Whether the output contains the provenance; otherwise it goes to standard error.
    var holdsProvenance: Bool { format(inPipe: .csv) == .json }

    private func table(of response: some MarketResponse) -> String {
        var rows: [[Cell]] = []
        response.rows { rows.append($0) }
        let cells = TableCells(times: time, zone: response.timeZone)
        let columns = response.columns.indices.map { index in
            (
                cells.heading(response.columns[index], of: rows.first?[index]),
                TextTable.alignment(of: rows.first?[index])
            )
        }
        var table = TextTable(columns)
        for row in rows { table.add(row.map(cells.text)) }
        // A file holds all columns: it may be imported again.
        guard output == nil || output == "-" else { return table.text() }
        let (fitted, dropped) = table.fitted(to: Console.width)
        if !dropped.isEmpty {
            Console.say("bhav: columns that do not fit: \(dropped.joined(separator: ", ")); --format csv has them all")
        }
        return fitted.text()
    }
}

extension TextTable {
    static func alignment(of cell: Cell?) -> Alignment {
        switch cell {
        case .number, .integer: .right
        default: .left
        }
    }
}

extension Double {
    /// The number as a table shows it: what a division left behind the sixth digit after the point is rounded to four.
    var forTable: String {
        let decimals = shortest.split(separator: ".").dropFirst().first?.count ?? 0
        return decimals > 6 && abs(self) >= 0.01 ? rounded(to: 4) : shortest
    }
}

/// The cells of a table for people: numbers grouped, times of the exchange with the zone in the heading.
struct TableCells {
    /// The requested style; `nil` for the table's own.
    let times: TimeStyle?
    let zone: TimeZone?

    func heading(_ name: String, of cell: Cell?) -> String {
        guard case .time? = cell, times == nil else { return name }
        return "\(name) (\(TableTimes(zone: zone).label))"
    }

    /// The text of a cell; `-` for what is unknown.
    func text(_ cell: Cell) -> String {
        let text: String? =
            switch cell {
            case .text(let text): text
            case .number(let value): value.map { NumberGrouping(of: zone).text($0.forTable) }
            case .integer(let value): value.map { NumberGrouping(of: zone).text(String($0)) }
            case .bool(let value): value ? "yes" : "no"
            case .time(let time): time.map { times?.text($0, zone: zone) ?? TableTimes(zone: zone).text($0) }
            }
        return text ?? "-"
    }
}

/// Rows with names, and in JSON a few facts before them.
struct ListResponse: MarketResponse {
    /// What the rows are called in JSON.
    let name: String
    let columns: [String]
    let rows: [[Cell]]
    /// Facts about the whole, in JSON only.
    var facts: [(name: String, value: Cell)] = []

    var timeZone: TimeZone? { nil }

    func rows(_ emit: ([Cell]) -> Void) { rows.forEach(emit) }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        for fact in facts { ListResponse.write(fact.name, fact.value, to: &json) }
        json.key(name)
        json.beginArray()
        for row in rows {
            json.beginObject()
            for (column, cell) in zip(columns, row) { ListResponse.write(column, cell, to: &json) }
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    private static func write(_ name: String, _ cell: Cell, to json: inout JSONWriter) {
        json.key(name)
        switch cell {
        case .text(let text): json.string(text)
        case .number(let value): json.number(value)
        case .integer(let value): json.integer(value)
        case .bool(let value): json.bool(value)
        case .time(let time): json.integer(time?.seconds)
        }
    }
}

/// A line of the csv that a bhav server writes.
enum CSVLine {
    /// The fields; a field in quotes may hold commas and doubled quotes.
    static func fields(_ line: some StringProtocol) -> [String] {
        var (fields, field, isQuoted) = ([String](), "", false)
        var rest = line[...]
        while let character = rest.popFirst() {
            switch character {
            case "\"" where isQuoted && rest.first == "\"":
                field.append("\"")
                rest.removeFirst()
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                fields.append(field)
                field = ""
            case "\r" where !isQuoted: continue
            default: field.append(character)
            }
        }
        return fields + [field]
    }
}
