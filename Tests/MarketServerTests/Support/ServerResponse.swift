import Foundation
import Testing

/// A response of the server.
struct ServerResponse: Sendable {
    let status: Int
    let headers: [String: String]
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var lines: [String] { text.split(separator: "\n").map(String.init) }

    /// The body as a JSON object.
    var json: JSON {
        get throws { try JSON(bytes) }
    }
}

/// A JSON value, read by Foundation and not by anything of ours.
struct JSON: @unchecked Sendable {
    // What JSONSerialization returns is never changed here.
    let value: Any

    init(_ bytes: [UInt8]) throws {
        value = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    }

    private init(value: Any) { self.value = value }

    subscript(key: String) -> JSON { JSON(value: (value as? [String: Any])?[key] ?? Missing.value) }
    subscript(index: Int) -> JSON {
        let array = value as? [Any] ?? []
        return JSON(value: array.indices.contains(index) ? array[index] : Missing.value)
    }

    var string: String? { value as? String }
    var number: Double? { (value as? NSNumber)?.doubleValue }
    var int: Int? { (value as? NSNumber)?.intValue }
    var bool: Bool? { value as? Bool }
    var array: [JSON] { (value as? [Any] ?? []).map { JSON(value: $0) } }
    var keys: Set<String> { Set((value as? [String: Any] ?? [:]).keys) }
    var isNull: Bool { value is NSNull }
    var isMissing: Bool { value is Missing }

    private enum Missing { case value }
}
