/// How far a JSON object or list reaches, by its brackets and strings alone.
enum JSONExtent: Equatable {
    /// The position after the closing bracket.
    case whole(end: Int)
    /// The bytes end inside it.
    case open
    /// It holds a `~` outside a string, which JSON cannot.
    case broken

    /// Measures the object or list that begins with the first byte.
    static func measure(_ bytes: ArraySlice<UInt8>) -> JSONExtent {
        bytes.withUnsafeBufferPointer { buffer in
            var depth = 0
            var position = 0
            while position < buffer.count {
                switch buffer[position] {
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    if depth == 0 { return .whole(end: bytes.startIndex + position + 1) }
                case UInt8(ascii: "\""):
                    position += 1
                    while position < buffer.count, buffer[position] != UInt8(ascii: "\"") {
                        position += buffer[position] == UInt8(ascii: "\\") ? 2 : 1
                    }
                case UInt8(ascii: "~"): return .broken
                default: break
                }
                position += 1
            }
            return .open
        }
    }
}
