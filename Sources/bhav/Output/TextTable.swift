import Foundation
import JSON
import MarketData

/// Rows under headings, in columns as wide as they need be; numbers to the right.
struct TextTable {
    enum Alignment { case left, right }

    let columns: [(heading: String, alignment: Alignment)]
    private(set) var rows: [[String]] = []

    init(_ columns: [(heading: String, alignment: Alignment)]) { self.columns = columns }

    /// Adds a row with a cell for each column.
    mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count, "a row has a cell for each column")
        rows.append(cells.map(\.printable))
    }

    /// How wide the lines are.
    var width: Int { widths.reduce(0, +) + 2 * max(0, columns.count - 1) }

    private var widths: [Int] {
        columns.indices.map { column in
            ([columns[column].heading] + rows.map { $0[column] }).map(\.count).max() ?? 0
        }
    }

    /// The leading columns that fit a width, and the headings of those that do not.
    func fitted(to width: Int) -> (table: TextTable, dropped: [String]) {
        var kept = columns.count
        var total = self.width
        let widths = widths
        while kept > 1, total > width {
            kept -= 1
            total -= widths[kept] + 2
        }
        guard kept < columns.count else { return (self, []) }
        var table = TextTable(Array(columns.prefix(kept)))
        table.rows = rows.map { Array($0.prefix(kept)) }
        return (table, columns.dropFirst(kept).map(\.heading))
    }

    /// The table, a line a row.
    func text() -> String {
        let widths = widths
        let lines = ([columns.map(\.heading)] + rows).map { row in
            let cells = row.indices.map { pad(row[$0], to: widths[$0], columns[$0].alignment) }
            return cells.joined(separator: "  ").trimmedAtEnd()
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func pad(_ text: String, to width: Int, _ alignment: Alignment) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return alignment == .left ? text + space : space + text
    }
}

extension String {
    func trimmedAtEnd() -> String {
        var end = endIndex
        while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
        return String(self[..<end])
    }
}

/// How the digits of numbers are grouped in tables for people.
enum NumberGrouping {
    /// `1,234,567`
    case thousands
    /// `12,34,567`, as in India.
    case lakhs

    /// The grouping that an exchange's traders read.
    init(of zone: TimeZone?) { self = zone?.identifier == "Asia/Kolkata" ? .lakhs : .thousands }

    /// The number by its shortest text, grouped; exponents and small numbers stay as they are.
    func text(_ value: Double) -> String { text(value.shortest) }

    func text(_ digits: String) -> String {
        guard !digits.contains("e") else { return digits }
        let sign = digits.hasPrefix("-") ? "-" : ""
        let parts = digits.dropFirst(sign.count).split(separator: ".", maxSplits: 1)
        guard let whole = parts.first, whole.count > 3 else { return digits }
        var groups = [whole.suffix(3)]
        var rest = whole.dropLast(3)
        let size = self == .lakhs ? 2 : 3
        while !rest.isEmpty {
            groups.insert(rest.suffix(size), at: 0)
            rest = rest.dropLast(size)
        }
        return sign + groups.joined(separator: ",") + (parts.count > 1 ? ".\(parts[1])" : "")
    }
}

/// Times in a table: the exchange's, without the zone, which the heading has once.
struct TableTimes {
    /// `nil` for UTC.
    let zone: TimeZone?

    /// The zone in a heading, such as `IST`.
    var label: String {
        switch zone?.identifier {
        case nil, "Etc/UTC", "UTC", "GMT": "UTC"
        case "Asia/Kolkata": "IST"
        case let name?: (name.split(separator: "/").last.map(String.init) ?? name).replacing("_", with: " ")
        }
    }

    /// `2026-11-27 15:25`, with seconds where there are any.
    func text(_ time: Timestamp) -> String {
        let local = local(time)
        let clock = local.dropFirst(11).prefix(8)
        return "\(local.prefix(10)) \(clock.hasSuffix(":00") ? clock.prefix(5) : clock)"
    }

    /// `15:25:03`
    func clock(_ time: Timestamp) -> String { String(local(time).dropFirst(11).prefix(8)) }

    private func local(_ time: Timestamp) -> String { zone.map { time.description(in: $0) } ?? time.description }
}
