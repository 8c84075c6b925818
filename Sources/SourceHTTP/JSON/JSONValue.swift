import Foundation

/// Any JSON, so that one odd field does not cost the whole answer.
public enum JSONValue: Hashable, Sendable {
    /// An object by its names.
    case object([String: JSONValue])
    /// A list.
    case array([JSONValue])
    /// Text.
    case text(String)
    /// A number.
    case number(Double)
    /// True or false.
    case bool(Bool)
    /// Nothing.
    case null

    /// Reads JSON text; `nil` for what is not JSON.
    public init?(_ bytes: [UInt8]) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else { return nil }
        self = value
    }
}

extension JSONValue: Decodable {
    /// Reads whichever kind of JSON stands there.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let object = try? container.decode([String: JSONValue].self) {
            self = .object(object)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let array = try? container.decode([JSONValue].self) {
            self = .array(array)
        } else if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if container.decodeNil() {
            self = .null
        } else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a value that does not fit")
        }
    }
}

extension JSONValue {
    /// The value in a few characters, for messages.
    public var brief: String {
        switch self {
        case .object(let fields): "an object of \(fields.count) fields"
        case .array(let items): "a list of \(items.count)"
        case .text(let text): "'\(text.prefix(60))'"
        case .number(let number): "\(number)"
        case .bool(let bool): "\(bool)"
        case .null: "null"
        }
    }
}
