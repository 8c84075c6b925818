/// Fields as `APISchemas` writes them, and the JSON Schema that they stand for.
extension APISchemas {
    /// One field, taken apart.
    struct Field {
        let name: String
        let isRequired: Bool
        let type: String
        let meaning: String

        init(_ text: String) {
            let parts = text.split(separator: " ", maxSplits: 2).map(String.init)
            isRequired = parts[0].hasSuffix("!")
            name = isRequired ? String(parts[0].dropLast()) : parts[0]
            type = parts[1]
            meaning = parts.count > 2 ? parts[2] : ""
        }
    }

    /// The fields of an object as JSON Schema.
    static func schema(of fields: [String]) -> DocumentNode {
        let fields = fields.map(Field.init)
        let required = fields.filter(\.isRequired).map { DocumentNode.text($0.name) }
        let properties = fields.map { field -> (key: String, value: DocumentNode) in
            (field.name, .map([("description", .text(field.meaning))] + type(field.type).members))
        }
        return .map(
            [("type", "object")] + (required.isEmpty ? [] : [("required", .list(required))])
                + [("properties", .map(properties))])
    }

    /// A type as JSON Schema.
    static func type(_ text: String) -> DocumentNode {
        if text.hasSuffix("?") {
            let inner = type(String(text.dropLast()))
            switch (inner["type"], inner["enum"]) {
            case (.text(let name)?, nil):
                return .map([("type", [.text(name), "null"])] + inner.members.filter { $0.key != "type" })
            default: return ["anyOf": [inner, ["type": "null"]]]
            }
        }
        if text.hasPrefix("[") { return ["type": "array", "items": type(String(text.dropFirst().dropLast()))] }
        if text.hasPrefix("{") {
            return ["type": "object", "additionalProperties": type(String(text.dropFirst().dropLast()))]
        }
        if ["string", "number", "integer", "boolean"].contains(text) { return ["type": .text(text)] }
        if text.first?.isUppercase == true { return ["$ref": "#/components/schemas/\(text)"] }
        return ["type": "string", "enum": .list(text.split(separator: "|").map { .text(String($0)) })]
    }
}
