/// A place in JSON bytes, and the reading of what stands there. Every read is checked against the end.
struct JSONCursor {
    /// How deep lists and objects may be nested.
    static let deepest = 64

    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The byte here; 0, which JSON does not hold, at the end.
    @inline(__always)
    var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    @inline(__always)
    mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    /// Steps over a byte, if it is the one here.
    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    /// Steps over a text, if it is the one here.
    @inline(__always)
    mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for offset in 0..<count where bytes[position + offset] != text.utf8Start[offset] { return false }
        position += count
        return true
    }

    /// Steps over a byte and the space on both sides of it.
    mutating func expect(_ byte: UInt8, _ reason: String) throws(JSONFault) {
        skipSpace()
        guard take(byte) else { throw fault(reason) }
        skipSpace()
    }

    /// Checks that nothing but space is left.
    mutating func expectEnd() throws(JSONFault) {
        skipSpace()
        guard position == bytes.count else { throw fault("something follows the JSON text") }
    }

    func fault(_ reason: String) -> JSONFault { JSONFault(reason: reason, offset: position) }
}

extension JSONCursor {
    /// Reads an object: `body` is called with the cursor at each value and must read it.
    @inline(__always)
    mutating func readObject(
        _ body: (inout JSONCursor, JSONKey) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        try expect(UInt8(ascii: "{"), "an object was expected")
        if take(UInt8(ascii: "}")) { return }
        while true {
            let key = try readKey()
            try expect(UInt8(ascii: ":"), "a colon was expected")
            try body(&self, key)
            skipSpace()
            if take(UInt8(ascii: "}")) { return }
            try expect(UInt8(ascii: ","), "a comma or the end of an object was expected")
        }
    }

    /// Reads a list: `body` is called with the cursor at each value and must read it.
    @inline(__always)
    mutating func readArray(_ body: (inout JSONCursor) throws(JSONFault) -> Void) throws(JSONFault) {
        try expect(UInt8(ascii: "["), "a list was expected")
        if take(UInt8(ascii: "]")) { return }
        while true {
            try body(&self)
            skipSpace()
            if take(UInt8(ascii: "]")) { return }
            try expect(UInt8(ascii: ","), "a comma or the end of a list was expected")
        }
    }

    /// Checks and steps over any value.
    mutating func skipValue(depth: Int = 0) throws(JSONFault) {
        guard depth < JSONCursor.deepest else { throw fault("nested deeper than \(JSONCursor.deepest)") }
        switch current {
        case UInt8(ascii: "\""): _ = try scanString()
        case UInt8(ascii: "["):
            try readArray { (cursor) throws(JSONFault) in try cursor.skipValue(depth: depth + 1) }
        case UInt8(ascii: "{"):
            try readObject { (cursor, _) throws(JSONFault) in try cursor.skipValue(depth: depth + 1) }
        case UInt8(ascii: "t"): guard take("true") else { throw fault("a value was expected") }
        case UInt8(ascii: "f"): guard take("false") else { throw fault("a value was expected") }
        case UInt8(ascii: "n"): guard take("null") else { throw fault("a value was expected") }
        default: try skipNumber()
        }
    }
}
