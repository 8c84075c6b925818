public import NIOCore

/// Writes JSON straight into bytes: no tree, no allocation per value, numbers by their shortest text.
///
/// Commas are its own business; that objects and arrays close again is the caller's.
public struct JSONWriter {
    /// What has been written.
    public private(set) var buffer: ByteBuffer
    private var needsComma = false

    /// An empty writer with room for `capacity` bytes.
    public init(capacity: Int = 1024) {
        buffer = ByteBuffer()
        buffer.reserveCapacity(capacity)
    }

    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// The name of the value that follows; it must need no escaping.
    public mutating func key(_ name: StaticString) {
        separate()
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeStaticString(name)
        buffer.writeStaticString("\":")
        needsComma = false
    }

    /// The name of the value that follows, where it is not known before; it must need no escaping.
    public mutating func key(unescaped name: String) {
        separate()
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeString(name)
        buffer.writeStaticString("\":")
        needsComma = false
    }

    public mutating func null() { literal("null") }

    public mutating func bool(_ value: Bool) {
        if value { literal("true") } else { literal("false") }
    }

    /// A whole number, or `null`.
    public mutating func integer(_ value: (some BinaryInteger)?) {
        guard let value else { return null() }
        separate()
        buffer.writeString(String(value))
    }

    /// A number by its shortest text, or `null` for none and for what is not finite.
    public mutating func number(_ value: Double?) {
        guard let value, value.isFinite else { return null() }
        separate()
        buffer.writeShortest(value)
    }

    /// Text with what JSON demands escaped, or `null`.
    public mutating func string(_ value: String?) {
        guard var text = value else { return null() }
        separate()
        buffer.writeInteger(UInt8(ascii: "\""))
        text.withUTF8 { bytes in
            if bytes.allSatisfy(JSONWriter.isPlain) {
                buffer.writeBytes(bytes)
            } else {
                for byte in bytes { writeEscaped(byte) }
            }
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    /// Bytes that are a JSON value already.
    public mutating func raw(_ json: ByteBuffer) {
        separate()
        buffer.writeImmutableBuffer(json)
    }

    /// Ends a line between values, for newline-delimited JSON.
    public mutating func endLine() {
        buffer.writeInteger(UInt8(ascii: "\n"))
        needsComma = false
    }

    private static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x22 && byte != 0x5C }

    private mutating func writeEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
        case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
        case UInt8(ascii: "\n"): buffer.writeStaticString("\\n")
        case UInt8(ascii: "\r"): buffer.writeStaticString("\\r")
        case UInt8(ascii: "\t"): buffer.writeStaticString("\\t")
        case 0..<0x20:
            let digits = String(byte, radix: 16)
            buffer.writeString("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
        default: buffer.writeInteger(byte)
        }
    }

    private mutating func separate() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func literal(_ text: StaticString) {
        separate()
        buffer.writeStaticString(text)
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        buffer.writeInteger(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        buffer.writeInteger(bracket)
        needsComma = true
    }
}
