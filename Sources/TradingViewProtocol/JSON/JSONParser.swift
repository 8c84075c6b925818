/// Reads JSON of any shape.
enum JSONParser {
    /// The value of one whole JSON text.
    static func parse(_ bytes: [UInt8]) -> Result<JSONValue, JSONFault> {
        bytes.withUnsafeBufferPointer { buffer in
            Result { () throws(JSONFault) in try parse(buffer) }
        }
    }

    /// The value of one whole JSON text.
    static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONFault) -> JSONValue {
        var cursor = JSONCursor(bytes)
        cursor.skipSpace()
        let value = try cursor.readValue()
        try cursor.expectEnd()
        return value
    }
}

extension JSONCursor {
    /// Reads any value.
    mutating func readValue(depth: Int = 0) throws(JSONFault) -> JSONValue {
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
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): throw fault("a value was expected")
        default: return try readNumberValue()
        }
    }
}
