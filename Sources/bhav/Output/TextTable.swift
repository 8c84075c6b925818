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
    /// The text without control characters, which a terminal would obey, and without marks that reverse what is read.
    var printable: String {
        guard unicodeScalars.contains(where: String.isUnprintable) else { return self }
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: unicodeScalars.map { String.isUnprintable($0) ? "\u{FFFD}" : $0 })
        return String(scalars)
    }

    private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    func trimmedAtEnd() -> String {
        var end = endIndex
        while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
        return String(self[..<end])
    }
}
