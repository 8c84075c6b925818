/// Why bytes are not the JSON expected.
public struct JSONFault: Error, Hashable, Sendable {
    /// The reason, as text.
    public let reason: String
    /// The byte where it was seen.
    public let offset: Int

    /// A fault at a byte.
    public init(reason: String, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

/// A position in JSON bytes (RFC 8259), and the reading of the value there. Every read is checked against the end.
///
/// Inlinable, so that decoders of hot messages in other modules read bytes without a call.
@frozen
public struct JSONCursor {
    /// How deep lists and objects may be nested.
    public static let deepest = 64

    /// The text.
    public let bytes: UnsafeBufferPointer<UInt8>
    /// The offset of the next byte.
    public var position = 0

    /// A cursor at the beginning of a text.
    @inlinable
    public init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The byte here; 0, which JSON does not hold, at the end.
    @inlinable @inline(__always)
    public var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    @inlinable @inline(__always)
    public mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    /// Steps over a byte, if it is the one here.
    @inlinable @inline(__always)
    public mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    /// Steps over a text, if it is the one here.
    @inlinable @inline(__always)
    public mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for offset in 0..<count where bytes[position + offset] != text.utf8Start[offset] { return false }
        position += count
        return true
    }

    /// Steps over a byte and the space on both sides of it.
    @inlinable
    public mutating func expect(_ byte: UInt8, _ reason: String) throws(JSONFault) {
        skipSpace()
        guard take(byte) else { throw fault(reason) }
        skipSpace()
    }

    /// Checks that nothing but space is left.
    @inlinable
    public mutating func expectEnd() throws(JSONFault) {
        skipSpace()
        guard position == bytes.count else { throw fault("unexpected bytes after the JSON text") }
    }

    /// A fault at this position.
    @inline(never)
    public func fault(_ reason: String) -> JSONFault { JSONFault(reason: reason, offset: position) }
}

extension JSONCursor {
    /// Reads an object: `body` is called with the cursor at each value and must read it.
    @inlinable @inline(__always)
    public mutating func readObject(
        _ body: (inout JSONCursor, JSONKey) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        try expect(UInt8(ascii: "{"), "expected an object")
        if take(UInt8(ascii: "}")) { return }
        while true {
            let key = try readKey()
            try expect(UInt8(ascii: ":"), "expected a colon")
            try body(&self, key)
            skipSpace()
            if take(UInt8(ascii: "}")) { return }
            try expect(UInt8(ascii: ","), "expected a comma or the end of an object")
        }
    }

    /// Reads a list: `body` is called with the cursor at each value and must read it.
    @inlinable @inline(__always)
    public mutating func readArray(_ body: (inout JSONCursor) throws(JSONFault) -> Void) throws(JSONFault) {
        try expect(UInt8(ascii: "["), "expected a list")
        if take(UInt8(ascii: "]")) { return }
        while true {
            try body(&self)
            skipSpace()
            if take(UInt8(ascii: "]")) { return }
            try expect(UInt8(ascii: ","), "expected a comma or the end of a list")
        }
    }

    /// Checks and steps over any value.
    public mutating func skipValue(depth: Int = 0) throws(JSONFault) {
        guard depth < JSONCursor.deepest else { throw fault("nested deeper than \(JSONCursor.deepest)") }
        switch current {
        case UInt8(ascii: "\""): _ = try scanString()
        case UInt8(ascii: "["):
            try readArray { (cursor) throws(JSONFault) in try cursor.skipValue(depth: depth + 1) }
        case UInt8(ascii: "{"):
            try readObject { (cursor, _) throws(JSONFault) in try cursor.skipValue(depth: depth + 1) }
        case UInt8(ascii: "t"): guard take("true") else { throw fault("expected a value") }
        case UInt8(ascii: "f"): guard take("false") else { throw fault("expected a value") }
        case UInt8(ascii: "n"): guard take("null") else { throw fault("expected a value") }
        default: try skipNumber()
        }
    }
}

/// An object key as raw bytes; converted to a `String` only on request.
@frozen
public struct JSONKey {
    /// The bytes between the quotes.
    public let bytes: UnsafeBufferPointer<UInt8>
    /// Whether some of its characters are written as escapes.
    public let hasEscapes: Bool

    @inlinable
    init(bytes: UnsafeBufferPointer<UInt8>, hasEscapes: Bool) {
        self.bytes = bytes
        self.hasEscapes = hasEscapes
    }

    /// A key of ASCII letters, known to be without escapes.
    @inlinable @inline(__always)
    public init(plain bytes: UnsafeBufferPointer<UInt8>) { self.init(bytes: bytes, hasEscapes: false) }

    /// Whether it is this ASCII text. A key written with escapes never is.
    @inlinable @inline(__always)
    public func isEqual(to text: StaticString) -> Bool {
        guard !hasEscapes, bytes.count == text.utf8CodeUnitCount else { return false }
        for offset in 0..<bytes.count where bytes[offset] != text.utf8Start[offset] { return false }
        return true
    }

    /// The key as text.
    public var text: String {
        hasEscapes ? JSONEscapes.resolve(bytes) : String(decoding: bytes, as: UTF8.self)
    }
}
