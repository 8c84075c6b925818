import JSON
import SourceHTTP

/// A table of text with a header line, read line by line over its bytes; columns are found by name. Quotes do not occur
/// in the exchange's files.
struct CSVReader {
    private let bytes: [UInt8]
    private let columns: [String: Int]
    private var position: Int
    /// The line just read, counted from 1, the header being line 1.
    private(set) var line = 1
    /// The ranges of the fields of the current line, without the blanks around them.
    private var fields: [Range<Int>] = []

    /// Reads the header.
    /// - Throws: `UnreadableField` for a zip, for a page, and for nothing.
    init(_ bytes: [UInt8]) throws(UnreadableField) {
        if bytes.starts(with: [0x50, 0x4B]) { throw UnreadableField("file", "it is still zipped") }
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard position < bytes.count else { throw UnreadableField("file", "it is empty") }
        if bytes[position] == UInt8(ascii: "<") {
            throw UnreadableField("file", "expected a csv file, found a web page")
        }
        self.bytes = bytes
        let (names, next) = CSVReader.split(bytes, from: position, reserving: 64)
        position = next
        let texts = names.map { String(decoding: bytes[$0], as: UTF8.self) }
        columns = Dictionary(
            texts.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        fields.reserveCapacity(names.count)
        columnCount = names.count
    }

    private let columnCount: Int

    /// `line 7`.
    var place: String { "line \(line)" }

    /// The index of a column.
    func index(of name: String) throws(UnreadableField) -> Int {
        guard let index = columns[name] else { throw UnreadableField("header", "there is no column \(name)") }
        return index
    }

    /// Whether there is a column of that name.
    func has(_ name: String) -> Bool { columns[name] != nil }

    /// Goes to the next line that is not blank; `false` after the last.
    /// - Throws: `UnreadableField` for a line with fewer fields than the header.
    mutating func next() throws(UnreadableField) -> Bool {
        while position < bytes.count {
            (fields, position) = CSVReader.split(bytes, from: position, reserving: columnCount)
            line += 1
            if fields.count == 1, fields[0].isEmpty { continue }
            guard fields.count >= columnCount else {
                throw UnreadableField(place, "\(fields.count) fields under \(columnCount) columns")
            }
            return true
        }
        return false
    }

    /// A field of the line as text.
    func text(_ index: Int) -> String { String(decoding: bytes[fields[index]], as: UTF8.self) }

    /// The bytes of a field of the line.
    func bytes(_ index: Int) -> ArraySlice<UInt8> { bytes[fields[index]] }

    /// A number; `nil` for a blank or `-`.
    func number(_ index: Int, _ name: String) throws(UnreadableField) -> Double? {
        let field = bytes(index)
        if field.isEmpty || (field.count == 1 && field.first == UInt8(ascii: "-")) { return nil }
        if let number = DecimalText.number(field) { return number }
        throw UnreadableField("\(place), \(name)", "expected a number, found '\(text(index).prefix(20))'")
    }

    /// A number above 0; `nil` for 0, by which the file says that there is none.
    func positive(_ index: Int, _ name: String) throws(UnreadableField) -> Double? {
        try number(index, name).flatMap { $0 > 0 ? $0 : nil }
    }

    /// The fields of the line that begins at a byte, and where the next line begins.
    private static func split(
        _ bytes: [UInt8], from start: Int, reserving count: Int
    ) -> (fields: [Range<Int>], next: Int) {
        var fields: [Range<Int>] = []
        fields.reserveCapacity(count)
        var begin = start
        var index = start
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") {
            if bytes[index] == UInt8(ascii: ",") {
                fields.append(trimmed(bytes, begin..<index))
                begin = index + 1
            }
            index += 1
        }
        fields.append(trimmed(bytes, begin..<index))
        return (fields, min(index + 1, bytes.count))
    }

    private static func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var (from, to) = (range.lowerBound, range.upperBound)
        while from < to, isBlank(bytes[from]) { from += 1 }
        while from < to, isBlank(bytes[to - 1]) { to -= 1 }
        return from..<to
    }

    /// A space, a tab, and the carriage return of a Windows line end.
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}

/// Reads decimal numbers from bytes, exactly as `Double` reads their text and many times faster.
enum DecimalText {
    /// The number; `nil` if it is invalid or not finite.
    static func number(_ bytes: ArraySlice<UInt8>) -> Double? {
        // A mantissa below 2^53 over a power of ten up to 10^22 is rounded once and so correctly (W. Clinger,
        // "How to read floating point numbers accurately", 1990).
        var mantissa: UInt64 = 0
        var (digits, decimals) = (0, 0)
        var (isNegative, isFraction) = (false, false)
        for (offset, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                mantissa = mantissa &* 10 &+ UInt64(byte - UInt8(ascii: "0"))
                digits += 1
                if isFraction { decimals += 1 }
            case UInt8(ascii: ".") where !isFraction: isFraction = true
            case UInt8(ascii: "-") where offset == 0: isNegative = true
            default: return slowly(bytes)
            }
        }
        guard (1...15).contains(digits) else { return slowly(bytes) }
        let value = Double(mantissa) / powers[decimals]
        return isNegative ? -value : value
    }

    private static func slowly(_ bytes: ArraySlice<UInt8>) -> Double? {
        guard let number = Double(String(decoding: bytes, as: UTF8.self)), number.isFinite else { return nil }
        return number
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
}
