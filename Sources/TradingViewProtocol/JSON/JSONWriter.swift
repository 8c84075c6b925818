import MarketData

/// Writes JSON in ASCII.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .number(let number): write(number)
        case .string(let text): write(text)
        case .array(let values): write(values)
        case .object(let object): write(object)
        }
    }

    /// `{"m":name,"p":[parameters]}`, in the order in which TradingView writes it.
    mutating func write(name: String, parameters: [JSONValue]) {
        bytes.append(contentsOf: "{\"m\":".utf8)
        write(name)
        bytes.append(contentsOf: ",\"p\":".utf8)
        write(parameters)
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func write(_ number: Double) {
        // JSON has no word for what is not finite; null is the field's habit.
        bytes.append(contentsOf: (number.isFinite ? number.shortest : "null").utf8)
    }

    private mutating func write(_ values: [JSONValue]) {
        bytes.append(UInt8(ascii: "["))
        for (position, value) in values.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            write(value)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ object: [String: JSONValue]) {
        bytes.append(UInt8(ascii: "{"))
        for (position, pair) in object.sorted(by: { $0.key < $1.key }).enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            write(pair.key)
            bytes.append(UInt8(ascii: ":"))
            write(pair.value)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for unit in text.utf16 { write(unit: unit) }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func write(unit: UInt16) {
        switch unit {
        case 0x22, 0x5C: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(truncatingIfNeeded: unit)])
        case 0x20..<0x7F: bytes.append(UInt8(truncatingIfNeeded: unit))
        default:
            let digits = String(unit, radix: 16)
            bytes.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)".utf8)
        }
    }
}
