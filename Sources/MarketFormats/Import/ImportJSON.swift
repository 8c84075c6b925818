/// A JSON value of a file of bars. Numbers stay text, so that they are read to the last digit.
indirect enum ImportJSON {
    case scalar(String)
    case array([ImportJSON], line: Int)
    /// The members in their order.
    case object([(name: String, value: ImportJSON)], line: Int)

    /// The text of a plain value, `null` as an empty one; `nil` for an array or object.
    var text: String? { if case .scalar(let text) = self { text } else { nil } }

    /// The value of a member; `nil` where this is no object, or it has none of that name.
    subscript(_ name: String) -> ImportJSON? {
        guard case .object(let members, _) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}

/// Reads one JSON value after another, as ndjson has them; `NaN` and infinities, which Python writes, are taken as text.
struct ImportJSONReader {
    private static let deepest = 32

    private let bytes: [UInt8]
    private var position = 0
    private(set) var line = 1

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Returns the next value of the file, or `nil` at its end. After a fault reading goes on at the next line.
    /// - Throws: `ImportFault`, naming the line.
    mutating func next() throws(ImportFault) -> ImportJSON? {
        skipSpace()
        guard position < bytes.count else { return nil }
        let (start, startLine) = (position, line)
        do throws(ImportFault) {
            let value = try value(depth: 0)
            // Between two values of ndjson some programs write a comma.
            skipSpace()
            if position < bytes.count, bytes[position] == UInt8(ascii: ",") { position += 1 }
            return value
        } catch {
            let failedAt = line
            (position, line) = (start, startLine)
            while position < bytes.count, bytes[position] != 0x0A { position += 1 }
            // A value of many lines leaves nothing behind it to go on from.
            if failedAt > startLine { position = bytes.count }
            throw error
        }
    }

    private mutating func value(depth: Int) throws(ImportFault) -> ImportJSON {
        skipSpace()
        guard depth < ImportJSONReader.deepest else { throw fault("the JSON is nested too deeply") }
        guard position < bytes.count else { throw fault("the JSON ends too early") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .scalar(try string())
        default: return .scalar(try plain())
        }
    }

    private mutating func object(_ depth: Int) throws(ImportFault) -> ImportJSON {
        let start = line
        position += 1
        var members: [(name: String, value: ImportJSON)] = []
        if take("}") { return .object(members, line: start) }
        repeat {
            skipSpace()
            let name = try string()
            guard take(":") else { throw fault("not JSON: a colon is missing") }
            members.append((name, try value(depth: depth + 1)))
        } while take(",")
        guard take("}") else { throw fault("not JSON: a comma or closing brace is missing") }
        return .object(members, line: start)
    }

    private mutating func array(_ depth: Int) throws(ImportFault) -> ImportJSON {
        let start = line
        position += 1
        var items: [ImportJSON] = []
        if take("]") { return .array(items, line: start) }
        repeat { items.append(try value(depth: depth + 1)) } while take(",")
        guard take("]") else { throw fault("not JSON: a comma or closing bracket is missing") }
        return .array(items, line: start)
    }

    private mutating func plain() throws(ImportFault) -> String {
        let start = position
        while position < bytes.count, !",]}:\" \t\r\n[{".utf8.contains(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let first = text.utf8.first else { throw fault("not JSON: a value is missing") }
        if text == "null" { return "" }
        let isNumber = (0x30...0x39).contains(first) || first == UInt8(ascii: "-")
        let words: Set<String> = ["true", "false", "NaN", "nan", "Infinity", "-Infinity", "None"]
        guard isNumber || words.contains(text) else { throw fault("not JSON: '\(text.prefix(40))'") }
        return text
    }

    private mutating func string() throws(ImportFault) -> String {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            throw fault("not JSON: a name or text in quotes is missing")
        }
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += try escaped()
            case 0x0A: throw fault("not JSON: a text is not closed")
            default: text.append(byte)
            }
        }
        throw fault("not JSON: a text is not closed")
    }

    private mutating func escaped() throws(ImportFault) -> [UInt8] {
        guard position < bytes.count else { throw fault("not JSON: a text is not closed") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "u"):
            var units = [try unit()]
            if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: "\\u".utf8) {
                position += 2
                units.append(try unit())
            }
            return Array(String(decoding: units, as: UTF16.self).utf8)
        default: return [byte]
        }
    }

    private mutating func unit() throws(ImportFault) -> UInt16 {
        let digits = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
        guard digits.utf8.count == 4, let unit = UInt16(digits, radix: 16) else {
            throw fault("not JSON: \\u needs four hexadecimal digits")
        }
        position += 4
        return unit
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            if byte == 0x0A { line += 1 }
            position += 1
        }
    }

    private func fault(_ message: String) -> ImportFault { ImportFault(message, line: line) }
}
