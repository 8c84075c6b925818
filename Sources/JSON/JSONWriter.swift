/// Writes JSON (RFC 8259) straight into bytes: no tree, no allocation per value, numbers by their shortest text.
///
/// It sets commas itself; objects and arrays are closed by the caller.
public struct JSONWriter: Sendable {
    /// Which characters of texts are written as they are.
    public enum Characters: Hashable, Sendable {
        /// All that JSON allows, as UTF-8.
        case unicode
        /// ASCII from space to tilde; the others as `\uXXXX`.
        case ascii
    }

    /// The written bytes.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false
    private let characters: Characters

    /// An empty writer with room for `capacity` bytes.
    public init(capacity: Int = 1024, characters: Characters = .unicode) {
        bytes.reserveCapacity(capacity)
        self.characters = characters
    }
}

// Fields: a name and its value.
extension JSONWriter {
    /// Writes a field of text, or `null`. The name must need no escaping.
    public mutating func field(_ name: StaticString, _ value: String?) {
        key(name)
        string(value)
    }

    /// Writes a number field in its shortest form; `null` for `nil` and for values that are not finite.
    public mutating func field(_ name: StaticString, _ value: Double?) {
        key(name)
        number(value)
    }

    /// Writes a field of an integer, or `null`.
    public mutating func field(_ name: StaticString, _ value: (some BinaryInteger)?) {
        key(name)
        integer(value)
    }

    /// Writes a field of true, false or `null`.
    public mutating func field(_ name: StaticString, _ value: Bool?) {
        key(name)
        bool(value)
    }

    /// Writes a field of any value.
    public mutating func field(_ name: StaticString, _ value: JSONValue) {
        key(name)
        self.value(value)
    }

    /// Begins a field that holds an object.
    public mutating func beginObject(_ name: StaticString) {
        key(name)
        beginObject()
    }

    /// Begins a field that holds an array.
    public mutating func beginArray(_ name: StaticString) {
        key(name)
        beginArray()
    }

    /// Writes the name of the value that follows; it must need no escaping.
    public mutating func key(_ name: StaticString) {
        let count = name.utf8CodeUnitCount
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + 4) { text in
            text[0] = UInt8(ascii: ",")
            text[1] = UInt8(ascii: "\"")
            for index in 0..<count { text[2 + index] = name.utf8Start[index] }
            text[count + 2] = UInt8(ascii: "\"")
            text[count + 3] = UInt8(ascii: ":")
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[(needsComma ? 0 : 1)...]))
        }
        needsComma = false
    }

    /// Writes the name of the value that follows, where it is not known when the program is compiled.
    public mutating func key(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }
}

// Values.
extension JSONWriter {
    /// Begins an object.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    /// Ends an object.
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    /// Begins an array.
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    /// Ends an array.
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Writes `null`.
    public mutating func null() {
        separate()
        literal("null")
    }

    /// Writes true, false or `null`.
    public mutating func bool(_ value: Bool?) {
        guard let value else { return null() }
        separate()
        literal(value ? "true" : "false")
    }

    /// Writes an integer, or `null`.
    public mutating func integer(_ value: (some BinaryInteger)?) {
        guard let value else { return null() }
        separate()
        if let small = Int64(exactly: value) {
            bytes.append(decimal: small)
        } else {
            bytes.append(contentsOf: String(value).utf8)
        }
    }

    /// Writes a number in its shortest form; `null` for `nil` and for values that are not finite.
    public mutating func number(_ value: Double?) {
        guard let value, value.isFinite else { return null() }
        separate()
        bytes.append(shortest: value)
    }

    /// Writes text with what JSON demands escaped, or `null`.
    public mutating func string(_ value: String?) {
        guard var text = value else { return null() }
        separate()
        bytes.append(UInt8(ascii: "\""))
        let isPlain = text.withUTF8 { utf8 in
            guard utf8.allSatisfy(characters == .ascii ? JSONWriter.isPlainASCII : JSONWriter.isPlain) else {
                return false
            }
            bytes.append(contentsOf: utf8)
            return true
        }
        if !isPlain, characters == .ascii {
            for unit in text.utf16 { appendASCII(unit) }
        } else if !isPlain {
            for byte in text.utf8 { appendEscaped(byte) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes any value; the keys of objects in alphabetical order.
    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .integer(let number): integer(number)
        case .number(let number): self.number(number)
        case .string(let text): string(text)
        case .array(let values):
            beginArray()
            for value in values { self.value(value) }
            endArray()
        case .object(let fields):
            beginObject()
            for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
                key(name)
                self.value(value)
            }
            endObject()
        }
    }

    /// Writes bytes that are a JSON value already.
    public mutating func raw(_ json: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// Ends a line between values, for newline-delimited JSON.
    public mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }
}

extension JSONWriter {
    /// The shortest decimal text that reads back as the same number: `306`, `304.3`, `1e+20`.
    public static func text(_ number: Double) -> String {
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x22 && byte != 0x5C }

    private static func isPlainASCII(_ byte: UInt8) -> Bool { isPlain(byte) && byte < 0x7F }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): literal("\\\"")
        case UInt8(ascii: "\\"): literal("\\\\")
        case UInt8(ascii: "\n"): literal("\\n")
        case UInt8(ascii: "\r"): literal("\\r")
        case UInt8(ascii: "\t"): literal("\\t")
        case 0..<0x20: appendHexadecimal(UInt16(byte))
        default: bytes.append(byte)
        }
    }

    private mutating func appendASCII(_ unit: UInt16) {
        switch unit {
        case 0x22, 0x5C: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(truncatingIfNeeded: unit)])
        case 0x20..<0x7F: bytes.append(UInt8(truncatingIfNeeded: unit))
        default: appendHexadecimal(unit)
        }
    }

    private mutating func appendHexadecimal(_ unit: UInt16) {
        let digits = String(unit, radix: 16)
        bytes.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)".utf8)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func literal(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }
}

extension [UInt8] {
    /// Appends a finite number by its shortest text; whole numbers and hundredths, which most volumes and prices are,
    /// without a float formatter.
    public mutating func append(shortest value: Double) {
        if let whole = Int64(exactly: value), abs(whole) < 1 << 53, !(whole == 0 && value.sign == .minus) {
            append(decimal: whole)
        } else if let hundredths = Int64(exactly: (value * 100).rounded()), abs(hundredths) < 1_000_000_000_000_000,
            hundredths != 0, Double(hundredths) / 100 == value
        {
            append(hundredths: hundredths)
        } else {
            append(contentsOf: JSONWriter.text(value).utf8)
        }
    }

    /// Numbers of at most 15 digits differ as doubles where they differ as decimals, so no shorter text reads back as the
    /// same number.
    private mutating func append(hundredths value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        let (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: 100)
        let (tenth, hundredth) = rest.quotientAndRemainder(dividingBy: 10)
        append(decimal: Int64(whole))
        append(UInt8(ascii: "."))
        append(UInt8(ascii: "0") + UInt8(tenth))
        if hundredth > 0 { append(UInt8(ascii: "0") + UInt8(hundredth)) }
    }

    /// Appends an integer in decimal digits.
    public mutating func append(decimal value: Int64) {
        var rest = value.magnitude
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var start = 20
            repeat {
                start -= 1
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
                rest = quotient
            } while rest > 0
            if value < 0 { append(UInt8(ascii: "-")) }
            append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
        }
    }
}
