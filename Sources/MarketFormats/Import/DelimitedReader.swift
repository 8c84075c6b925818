/// A row of a file: the texts of its fields, and the line on which it begins.
struct ImportRow {
    let line: Int
    let fields: [String]
}

/// Reads delimited text (RFC 4180, also with semicolons, tabs, bars or runs of spaces) record by record.
struct DelimitedReader {
    /// What separates two fields.
    enum Separator: Hashable {
        case byte(UInt8)
        /// Two spaces or more, as in a printed table.
        case spaces
    }

    /// A longer field is a quote that was never closed.
    private static let longestField = 1 << 16

    private let bytes: [UInt8]
    private let separator: Separator
    private var position = 0
    private var line = 1

    init(_ bytes: [UInt8], separator: Separator) {
        self.bytes = bytes
        self.separator = separator
    }

    /// Returns the next row with any text in it, or `nil` at the end.
    /// - Throws: `ImportFault` for a quote that is not closed; reading can go on behind that line.
    mutating func next() throws(ImportFault) -> ImportRow? {
        while position < bytes.count {
            let start = line
            let fields = try record()
            if fields.contains(where: { !$0.isEmpty }) { return ImportRow(line: start, fields: fields) }
        }
        return nil
    }

    private mutating func record() throws(ImportFault) -> [String] {
        var fields: [String] = []
        while true {
            fields.append(try field())
            guard position < bytes.count else { return fields }
            switch bytes[position] {
            case 0x0D:
                position += 1
                if position < bytes.count, bytes[position] == 0x0A { position += 1 }
                line += 1
                return fields
            case 0x0A:
                position += 1
                line += 1
                return fields
            default: skipSeparator()
            }
            if position == bytes.count {
                if separator != .spaces { fields.append("") }
                return fields
            }
        }
    }

    private mutating func field() throws(ImportFault) -> String {
        while position < bytes.count, bytes[position] == 0x20 { position += 1 }
        if position < bytes.count, bytes[position] == 0x22 { return try quotedField() }
        let start = position
        while position < bytes.count, !endsField(at: position) { position += 1 }
        return DelimitedReader.trimmed(bytes[start..<position])
    }

    private mutating func quotedField() throws(ImportFault) -> String {
        let (start, startLine) = (position, line)
        var text: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == 0x22 {
                position += 1
                if position < bytes.count, bytes[position] == 0x22 {
                    text.append(0x22)
                } else {
                    while position < bytes.count, !endsField(at: position) {
                        text.append(bytes[position])
                        position += 1
                    }
                    return DelimitedReader.trimmed(text[...])
                }
            } else {
                if byte == 0x0A { line += 1 }
                text.append(byte)
            }
            position += 1
            if text.count > DelimitedReader.longestField { break }
        }
        position = start
        line = startLine
        while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D { position += 1 }
        throw ImportFault("a quote is opened and not closed", line: startLine)
    }

    private func endsField(at index: Int) -> Bool {
        let byte = bytes[index]
        if byte == 0x0A || byte == 0x0D { return true }
        switch separator {
        case .byte(let separator): return byte == separator
        case .spaces: return byte == 0x20 && index + 1 < bytes.count && bytes[index + 1] == 0x20
        }
    }

    private mutating func skipSeparator() {
        guard separator == .spaces else { return position += 1 }
        while position < bytes.count, bytes[position] == 0x20 { position += 1 }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension DelimitedReader.Separator {
    private static let sample = 50
    /// Five fields at least: a time and four prices.
    private static let fewest = 4

    /// Returns the separator that divides most of the first lines into the same number of fields; `nil` if none does.
    static func sniffed(in bytes: [UInt8]) -> DelimitedReader.Separator? {
        let lines = bytes.prefix(1 << 16).split(maxSplits: sample * 2) { $0 == 0x0A || $0 == 0x0D }.prefix(sample)
        let candidates: [UInt8] = [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: ",")]
        var best: (separator: UInt8, lines: Int)?
        for candidate in candidates {
            var counts: [Int: Int] = [:]
            for line in lines { counts[count(of: candidate, in: line), default: 0] += 1 }
            let agreeing = counts.filter { $0.key >= fewest }.map(\.value).max() ?? 0
            if agreeing > best?.lines ?? 0 { best = (candidate, agreeing) }
        }
        // In a printed table commas group digits, and the heading has none.
        let heading = lines.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
        let isPrinted =
            heading.split(separator: "  ").count > fewest && !heading.contains(where: { ",;|\t".contains($0) })
        if let best, !isPrinted { return .byte(best.separator) }
        let columns = lines.filter { line in
            String(decoding: line, as: UTF8.self).split(separator: "  ").count > fewest
        }
        return columns.isEmpty ? nil : .spaces
    }

    private static func count(of separator: UInt8, in line: ArraySlice<UInt8>) -> Int {
        var isQuoted = false
        var count = 0
        for byte in line {
            if byte == 0x22 { isQuoted.toggle() } else if byte == separator, !isQuoted { count += 1 }
        }
        return count
    }
}
