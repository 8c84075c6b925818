/// Writes FlatBuffers, the encoding of Arrow's metadata.
///
/// A FlatBuffer grows from its end to its start, since an object must lie behind what refers to it. The bytes are kept
/// in that order and turned round at the end; an `Offset` counts from the end of the buffer.
/// See "FlatBuffers Internals" of the FlatBuffers documentation.
struct FlatBufferBuilder {
    /// Where an object lies: the distance of its first byte from the end of the buffer.
    struct Offset {
        fileprivate let fromEnd: Int
    }

    /// A field of a table; fields with the default value of the schema may be left out.
    enum Value {
        case bool(Bool)
        case byte(UInt8)
        case short(Int16)
        case int(Int32)
        case long(Int64)
        case reference(Offset)
    }

    private var reversed: [UInt8] = []

    /// Adds a text.
    mutating func string(_ text: String) -> Offset {
        let bytes = Array(text.utf8)
        align(4, before: bytes.count + 1)
        reversed.append(0)
        reversed.append(contentsOf: bytes.reversed())
        append(UInt32(bytes.count))
        return Offset(fromEnd: reversed.count)
    }

    /// Adds a list of objects.
    mutating func vector(_ objects: [Offset]) -> Offset {
        align(4, before: objects.count * 4)
        for object in objects.reversed() { append(reference: object) }
        append(UInt32(objects.count))
        return Offset(fromEnd: reversed.count)
    }

    /// Adds a list of structs of two 64-bit integers each.
    mutating func vector(pairs: [(Int64, Int64)]) -> Offset {
        align(4, before: pairs.count * 16)
        align(8, before: pairs.count * 16)
        for pair in pairs.reversed() {
            append(pair.1)
            append(pair.0)
        }
        append(UInt32(pairs.count))
        return Offset(fromEnd: reversed.count)
    }

    /// Adds a table; a field's place in the list is its number in the schema, `nil` for one that is absent.
    mutating func table(_ fields: [Value?]) -> Offset {
        let end = reversed.count
        var places = [Int](repeating: 0, count: fields.count)
        for (index, field) in fields.enumerated().reversed() {
            guard let field else { continue }
            append(field)
            places[index] = reversed.count
        }
        align(4, before: 4)
        let link = reversed.count
        append(Int32(0))
        let start = reversed.count
        for place in places.reversed() { append(UInt16(place == 0 ? 0 : start - place)) }
        append(UInt16(start - end))
        append(UInt16(4 + 2 * fields.count))
        let distance = UInt32(reversed.count - start).bigEndian
        withUnsafeBytes(of: distance) { reversed.replaceSubrange(link..<link + 4, with: $0) }
        return Offset(fromEnd: start)
    }

    /// The finished buffer, its length a multiple of eight.
    consuming func finish(_ root: Offset) -> [UInt8] {
        align(8, before: 4)
        append(reference: root)
        return reversed.reversed()
    }

    private mutating func append(_ value: Value) {
        switch value {
        case .bool(let bool): reversed.append(bool ? 1 : 0)
        case .byte(let byte): reversed.append(byte)
        case .short(let short):
            align(2)
            append(short)
        case .int(let int):
            align(4)
            append(int)
        case .long(let long):
            align(8)
            append(long)
        case .reference(let offset):
            align(4)
            append(reference: offset)
        }
    }

    private mutating func append(reference: Offset) {
        append(UInt32(reversed.count + 4 - reference.fromEnd))
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { reversed.append(contentsOf: $0) }
    }

    /// Fills up so that after `count` more bytes the length is a multiple of `size`.
    private mutating func align(_ size: Int, before count: Int = 0) {
        let rest = (reversed.count + count) % size
        if rest > 0 { reversed.append(contentsOf: repeatElement(0, count: size - rest)) }
    }
}
