import PoliteHTTP

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
        let text = String(decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...], as: UTF8.self)
        if text.utf8.first == UInt8(ascii: "<") {
            throw UnreadableField("file", "a web page came where the file should be")
        }
        var all = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Substring.init)[
            ...]
        while all.last?.allSatisfy(\.isWhitespace) == true { all.removeLast() }
        guard let header = all.first else { throw UnreadableField("file", "it is empty") }
        let names = CSVTable.fields(header)
        columns = Dictionary(
            names.enumerated().map { (String($0.element), $0.offset) }, uniquingKeysWith: { first, _ in first })
        var lines: [Line] = []
        lines.reserveCapacity(all.count)
        for (index, line) in all.enumerated().dropFirst() {
            let fields = CSVTable.fields(line)
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

    /// The fields of a line, without the spaces around them.
    private static func fields(_ line: Substring) -> [Substring] {
        line.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { field in
            var field = field.drop { blanks.contains($0) }
            while let last = field.last, blanks.contains(last) { field.removeLast() }
            return Substring(field)
        }
    }

    /// A space, a tab, and what stands before the end of a line on Windows.
    private static let blanks: [UInt8] = [0x20, 0x09, 0x0D]
}
