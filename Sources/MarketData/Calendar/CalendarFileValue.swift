import Foundation

/// The JSON of a calendar file.
enum CalendarFileValue: Decodable {
    case object([String: CalendarFileValue])
    case list([CalendarFileValue])
    case text(String)
    case number(Double)
    case bool(Bool)
    case null

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([CalendarFileValue].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: CalendarFileValue].self))
        }
    }

    /// Reads the text of a file.
    /// - Throws: `CalendarFileError`, naming the line where the text is no JSON.
    init(json: [UInt8]) throws(CalendarFileError) {
        do {
            self = try JSONDecoder().decode(CalendarFileValue.self, from: Data(json))
        } catch {
            let line = CalendarFileValue.lineOfFault(in: json)
            throw CalendarFileError("line \(line)", "this is no JSON, from here at the latest")
        }
    }

    /// The value in a few characters, for messages.
    var brief: String {
        switch self {
        case .object: "an object"
        case .list: "a list"
        case .text(let text): "'\(text.prefix(40))'"
        case .number(let number): number.shortest
        case .bool(let bool): "\(bool)"
        case .null: "null"
        }
    }

    /// The line by whose end the text can no longer become JSON: the parser names no place that could be relied on.
    private static func lineOfFault(in json: [UInt8]) -> Int {
        var scanner = JSONScanner(json)
        scanner.skipValue()
        scanner.skipBlanks()
        return 1 + json[..<min(scanner.position, json.count)].count { $0 == UInt8(ascii: "\n") }
    }
}
