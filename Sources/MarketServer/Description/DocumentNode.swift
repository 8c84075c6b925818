import JSON

/// A value of a description document. Unlike `JSONValue` it keeps the order of its members.
indirect enum DocumentNode: Sendable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([DocumentNode])
    case map([(key: String, value: DocumentNode)])

    /// The members of a map; none of any other value.
    var members: [(key: String, value: DocumentNode)] {
        if case .map(let members) = self { members } else { [] }
    }

    /// The value of a member.
    subscript(key: String) -> DocumentNode? { members.first { $0.key == key }?.value }
}

extension DocumentNode: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    init(stringLiteral value: String) { self = .text(value) }
}

extension DocumentNode: ExpressibleByBooleanLiteral {
    init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension DocumentNode: ExpressibleByIntegerLiteral {
    init(integerLiteral value: Int) { self = .number(Double(value)) }
}

extension DocumentNode: ExpressibleByArrayLiteral {
    init(arrayLiteral elements: DocumentNode...) { self = .list(elements) }
}

extension DocumentNode: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, DocumentNode)...) { self = .map(elements.map { ($0.0, $0.1) }) }
}

// MARK: - Text

extension DocumentNode {
    /// The document as JSON.
    var json: JSONWriter {
        var json = JSONWriter(capacity: 64 * 1024)
        write(to: &json)
        json.endLine()
        return json
    }

    private func write(to json: inout JSONWriter) {
        switch self {
        case .text(let text): json.string(text)
        case .number(let value): json.number(value)
        case .flag(let value): json.bool(value)
        case .list(let values):
            json.beginArray()
            for value in values { value.write(to: &json) }
            json.endArray()
        case .map(let members):
            json.beginObject()
            for (key, value) in members {
                json.key(key)
                value.write(to: &json)
            }
            json.endObject()
        }
    }

    /// The document as YAML 1.2: block style, every text in single quotes.
    var yaml: String { yamlLines.joined(separator: "\n") + "\n" }

    private var yamlLines: [String] {
        switch self {
        case .map(let members) where !members.isEmpty:
            members.flatMap { key, value in
                if let scalar = value.yamlScalar { return ["\(DocumentNode.yamlKey(key)): \(scalar)"] }
                return ["\(DocumentNode.yamlKey(key)):"] + value.yamlLines.map { "  " + $0 }
            }
        case .list(let values) where !values.isEmpty:
            values.flatMap { value in
                if let scalar = value.yamlScalar { return ["- \(scalar)"] }
                let lines = value.yamlLines
                return ["- " + lines[0]] + lines.dropFirst().map { "  " + $0 }
            }
        default: [yamlScalar ?? "{}"]
        }
    }

    /// The value on one line; `nil` where it needs several.
    private var yamlScalar: String? {
        switch self {
        case .text(let text): DocumentNode.quoted(text)
        case .number(let value): Int64(exactly: value).map(String.init) ?? String(value)
        case .flag(let value): String(value)
        case .list(let values): values.isEmpty ? "[]" : nil
        case .map(let members): members.isEmpty ? "{}" : nil
        }
    }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

    /// A key of letters only needs no quotes, except the words that YAML reads as something else.
    private static func yamlKey(_ key: String) -> String {
        let isPlain = key.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7A || $0 >= 0x41 && $0 <= 0x5A }
        return isPlain && !["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(key.lowercased())
            ? key : quoted(key)
    }
}
