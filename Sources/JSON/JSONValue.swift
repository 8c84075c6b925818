/// Any JSON value. For rare or open structures; bars and quotes have their own decoders.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number written without fraction or exponent that fits 64 bits, kept exactly.
    case integer(Int)
    /// Any other number; always finite.
    case number(Double)
    case string(String)
    case array([JSONValue])
    /// Of two equal keys the later one counts.
    case object([String: JSONValue])

    /// Reads one whole JSON text; `nil` where it is not JSON, nested too deep, or holds a number beyond `Double`.
    public init?(parsing bytes: [UInt8]) {
        guard let value = try? JSONValue(bytes) else { return nil }
        self = value
    }

    /// Reads one whole JSON text.
    /// - Throws: `JSONFault` with the byte at which the text stops being JSON.
    public init(_ bytes: [UInt8]) throws(JSONFault) {
        self = try bytes.withUnsafeBufferPointer { buffer in
            Result { () throws(JSONFault) in try JSONValue(buffer) }
        }.get()
    }

    /// Reads one whole JSON text. A byte-order mark before it is ignored.
    /// - Throws: `JSONFault` with the byte at which the text stops being JSON.
    public init(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONFault) {
        var cursor = JSONCursor(bytes)
        _ = cursor.take(byteOrderMark)
        cursor.skipSpace()
        self = try cursor.readValue()
        try cursor.expectEnd()
    }

    /// A text that is valid JSON in ASCII: other characters as `\uXXXX`, keys in alphabetical order.
    public var text: String { String(decoding: encoded(), as: UTF8.self) }

    /// The bytes of `text`.
    public func encoded() -> [UInt8] {
        var writer = JSONWriter(characters: .ascii)
        writer.value(self)
        return writer.bytes
    }
}

private let byteOrderMark: StaticString = "\u{FEFF}"

extension JSONValue {
    /// The value, where it is text.
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The value, where it is true or false.
    public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    /// The value, where it is a list.
    public var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
    /// The value, where it is an object.
    public var object: [String: JSONValue]? { if case .object(let values) = self { values } else { nil } }
    /// Whether it is null.
    public var isNull: Bool { self == .null }

    /// The value, where it is a number.
    public var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// The value, where it is a whole number, `5` or `5.0`.
    public var integer: Int? {
        switch self {
        case .integer(let number): number
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }

    /// The value of a key, if this is an object.
    public subscript(key: String) -> JSONValue? { object?[key] }

    /// The value in a few characters, for messages.
    public var brief: String {
        switch self {
        case .object(let fields): "an object of \(fields.count) fields"
        case .array(let items): "a list of \(items.count)"
        case .string(let text): "'\(text.prefix(60).description.printable)'"
        case .integer(let number): "\(number)"
        case .number(let number): JSONWriter.text(number)
        case .bool(let bool): "\(bool)"
        case .null: "null"
        }
    }
}

extension JSONCursor {
    /// Reads any value.
    public mutating func readValue(depth: Int = 0) throws(JSONFault) -> JSONValue {
        guard depth < JSONCursor.deepest else { throw fault("nested deeper than \(JSONCursor.deepest)") }
        switch current {
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "["):
            var values: [JSONValue] = []
            try readArray { (cursor) throws(JSONFault) in values.append(try cursor.readValue(depth: depth + 1)) }
            return .array(values)
        case UInt8(ascii: "{"):
            var values: [String: JSONValue] = [:]
            try readObject { (cursor, key) throws(JSONFault) in
                values[key.text] = try cursor.readValue(depth: depth + 1)
            }
            return .object(values)
        case UInt8(ascii: "t") where take("true"): return true
        case UInt8(ascii: "f") where take("false"): return false
        case UInt8(ascii: "n") where take("null"): return nil
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): throw fault("expected a value")
        default: return try readNumberValue()
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
    public init(nilLiteral: ()) { self = .null }
}
