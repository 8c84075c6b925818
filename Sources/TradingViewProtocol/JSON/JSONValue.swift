/// Any JSON value. For what is rare or of open shape; bars and quotes have decoders of their own.
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
        guard case .success(let value) = JSONParser.parse(bytes) else { return nil }
        self = value
    }

    /// A text that is valid JSON in ASCII: other characters as `\uXXXX`, keys in alphabetical order.
    public var text: String { String(decoding: encoded(), as: UTF8.self) }

    /// The bytes of `text`.
    public func encoded() -> [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.bytes
    }
}

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

    /// What stands under a key, where this is an object.
    public subscript(key: String) -> JSONValue? { object?[key] }
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
