/// Reads one line of ndjson: an object of strings, numbers, booleans and nulls. Numbers stay text, so that they are read
/// to the last digit.
enum FlatJSON {
    /// The members in their order, `null` as an empty text; `nil` for anything else than such an object.
    static func members(of line: Substring) -> [(name: String, text: Substring)]? {
        var reader = Reader(rest: line.utf8[...])
        guard reader.take("{") else { return nil }
        var members: [(name: String, text: Substring)] = []
        if reader.take("}") { return reader.isAtEnd ? members : nil }
        repeat {
            guard let name = reader.string(), reader.take(":"), let value = reader.value() else { return nil }
            members.append((String(name), value))
        } while reader.take(",")
        return reader.take("}") && reader.isAtEnd ? members : nil
    }

    private struct Reader {
        var rest: Substring.UTF8View.SubSequence

        var isAtEnd: Bool { rest.allSatisfy(Reader.isSpace) }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            rest = rest.drop(while: Reader.isSpace)
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        mutating func value() -> Substring? {
            rest = rest.drop(while: Reader.isSpace)
            if rest.first == UInt8(ascii: "\"") { return string() }
            let plain = rest.prefix { !Reader.isSpace($0) && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") }
            guard !plain.isEmpty, !plain.contains(where: { "{[\"".utf8.contains($0) }) else { return nil }
            rest = rest[plain.endIndex...]
            let text = Substring(plain)
            return text == "null" ? "" : text
        }

        /// A string without escapes, which names and times have none of; with one it is not ours to guess.
        mutating func string() -> Substring? {
            guard take("\"") else { return nil }
            guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
            let text = rest[..<end]
            guard !text.contains(UInt8(ascii: "\\")) else { return nil }
            rest = rest[rest.index(after: end)...]
            return Substring(text)
        }

        private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    }
}
