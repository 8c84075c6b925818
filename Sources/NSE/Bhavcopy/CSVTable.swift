/// A table of text with a header line, whose columns are found by name. Quotes do not occur in the exchange's files.
struct CSVTable {
    /// One line below the header.
    struct Line {
        /// Counted from 1, the header being line 1.
        let number: Int
        let fields: [Substring]

        var place: String { "line \(number)" }
    }

    let columns: [String: Int]
    let lines: [Line]

    /// - Throws: `UnreadableField` for a zip, a page, and a line with fewer fields than the header.
    init(_ bytes: [UInt8]) throws(UnreadableField) {
        if bytes.starts(with: [0x50, 0x4B]) { throw UnreadableField("file", "it is still zipped") }
        var text = Substring(String(decoding: bytes, as: UTF8.self))
        if text.first == "\u{FEFF}" { text = text.dropFirst() }
        if text.first == "<" { throw UnreadableField("file", "a web page came where the file should be") }
        var all = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
        while all.last?.isEmpty == true { all.removeLast() }
        guard let header = all.first else { throw UnreadableField("file", "it is empty") }
        let names = header.split(separator: ",", omittingEmptySubsequences: false).map(CSVTable.trimmed)
        columns = Dictionary(
            names.enumerated().map { (String($0.element), $0.offset) }, uniquingKeysWith: { first, _ in first })
        var lines: [Line] = []
        lines.reserveCapacity(all.count)
        for (index, line) in all.enumerated().dropFirst() {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            guard fields.count >= names.count else {
                throw UnreadableField("line \(index + 1)", "\(fields.count) fields under \(names.count) columns")
            }
            lines.append(Line(number: index + 1, fields: fields))
        }
        self.lines = lines
    }

    /// Where a column stands.
    func index(of name: String) throws(UnreadableField) -> Int {
        guard let index = columns[name] else { throw UnreadableField("header", "there is no column \(name)") }
        return index
    }

    static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " }
        guard let last = start.lastIndex(where: { $0 != " " }) else { return "" }
        return start[...last]
    }
}
