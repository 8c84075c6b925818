import JSON

/// A JSON value of a file of bars. Numbers stay text, so that they are read to the last digit.
indirect enum ImportJSON {
    case scalar(String)
    case array([ImportJSON], line: Int)
    /// The members in their order.
    case object([(name: String, value: ImportJSON)], line: Int)

    /// The text of a plain value, `null` as an empty one; `nil` for an array or object.
    var text: String? { if case .scalar(let text) = self { text } else { nil } }

    /// The value of a member; `nil` if this is not an object, or has no such member.
    subscript(_ name: String) -> ImportJSON? {
        guard case .object(let members, _) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}

/// Reads one JSON value after another, as ndjson has them. `NaN`, infinities and `None`, which Python writes, are read
/// as text.
struct ImportJSONReader {
    private let bytes: [UInt8]
    private var position = 0
    private var lines = LineCounter()
    /// Whether a value was alone on its line, as those of ndjson are.
    private var hasLines = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Returns the next value of the file, or `nil` at its end. After a fault, reading continues at the next line.
    /// - Throws: `ImportFault`, naming the line.
    mutating func next() throws(ImportFault) -> ImportJSON? {
        var (end, start, lines) = (position, position, lines)
        let result = bytes.withUnsafeBufferPointer { buffer in
            Result { () throws(JSONFault) -> ImportJSON? in
                var cursor = JSONCursor(buffer)
                cursor.position = end
                cursor.skipSpace()
                start = cursor.position
                guard start < buffer.count else { return nil }
                let value = try cursor.readImported(&lines, depth: 0)
                // Between two values of ndjson some programs write a comma.
                cursor.skipSpace()
                _ = cursor.take(UInt8(ascii: ","))
                end = cursor.position
                return value
            }
        }
        self.lines = lines
        position = end
        switch result {
        case .success(let value):
            if value != nil, !bytes[start..<end].dropLast(trailingSpaces(before: end)).contains(0x0A) {
                hasLines = true
            }
            return value
        case .failure(let fault):
            let startLine = self.lines.line(at: start, in: bytes)
            let line = self.lines.line(at: fault.offset, in: bytes)
            let next = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            guard line > startLine else {
                position = next
                throw ImportFault("not JSON: \(fault.reason)", line: line)
            }
            if hasLines || isFollowedByLines(next) {
                position = next
                throw ImportFault("not JSON: the line ends within a value", line: startLine)
            }
            // A value of many lines leaves nothing behind it to go on from.
            position = bytes.count
            throw ImportFault("not JSON: \(fault.reason)", line: line)
        }
    }

    private func trailingSpaces(before end: Int) -> Int {
        bytes[..<end].reversed().prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D || $0 == 0x2C }.count
    }

    /// Whether one of the next lines is an object or an array by itself.
    private func isFollowedByLines(_ end: Int) -> Bool {
        let some = 4
        return bytes[end...].split(separator: 0x0A, maxSplits: some).prefix(some).contains { line in
            line.withUnsafeBufferPointer { buffer in
                var cursor = JSONCursor(buffer)
                cursor.skipSpace()
                guard cursor.current == UInt8(ascii: "{") || cursor.current == UInt8(ascii: "[") else { return false }
                var lines = LineCounter()
                guard (try? cursor.readImported(&lines, depth: 0)) != nil else { return false }
                cursor.skipSpace()
                return cursor.position == buffer.count
            }
        }
    }
}

/// Counts the lines up to a byte, continuing from the last byte counted.
private struct LineCounter {
    private var position = 0
    private var line = 1

    mutating func line(at target: Int, in bytes: some RandomAccessCollection<UInt8>) -> Int {
        if target < position { self = LineCounter() }
        let start = bytes.index(bytes.startIndex, offsetBy: position)
        let end = bytes.index(bytes.startIndex, offsetBy: min(target, bytes.count))
        for byte in bytes[start..<end] where byte == 0x0A { line += 1 }
        position = min(target, bytes.count)
        return line
    }
}

extension JSONCursor {
    private static let deepestImported = 32
    private static let words: [(name: StaticString, text: String)] = [
        ("null", ""), ("true", "true"), ("false", "false"), ("NaN", "NaN"), ("nan", "nan"), ("Infinity", "Infinity"),
        ("-Infinity", "-Infinity"), ("None", "None"),
    ]

    fileprivate mutating func readImported(_ lines: inout LineCounter, depth: Int) throws(JSONFault) -> ImportJSON {
        guard depth < JSONCursor.deepestImported else {
            throw fault("nested deeper than \(JSONCursor.deepestImported)")
        }
        skipSpace()
        let start = position
        switch current {
        case UInt8(ascii: "{"):
            let line = lines.line(at: start, in: bytes)
            var members: [(name: String, value: ImportJSON)] = []
            try readObject { (cursor, key) throws(JSONFault) in
                members.append((key.text, try cursor.readImported(&lines, depth: depth + 1)))
            }
            return .object(members, line: line)
        case UInt8(ascii: "["):
            let line = lines.line(at: start, in: bytes)
            var items: [ImportJSON] = []
            try readArray { (cursor) throws(JSONFault) in
                items.append(try cursor.readImported(&lines, depth: depth + 1))
            }
            return .array(items, line: line)
        case UInt8(ascii: "\""): return .scalar(try readString())
        default:
            for word in JSONCursor.words where take(word.name) { return .scalar(word.text) }
            try skipNumber()
            return .scalar(String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self))
        }
    }
}
