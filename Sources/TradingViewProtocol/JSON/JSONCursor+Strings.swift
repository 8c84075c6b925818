extension JSONCursor {
    /// Reads a string.
    mutating func readString() throws(JSONFault) -> String { try scanString().text }

    /// Reads a key.
    @inline(__always)
    mutating func readKey() throws(JSONFault) -> JSONKey { try scanString() }

    /// Checks a string and steps over it.
    mutating func scanString() throws(JSONFault) -> JSONKey {
        guard take(UInt8(ascii: "\"")) else { throw fault("text was expected") }
        let start = position
        var hasEscapes = false
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return JSONKey(
                    bytes: UnsafeBufferPointer(rebasing: bytes[start..<(position - 1)]), hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try skipEscape()
            case 0x20..<0x80: position += 1
            case 0x80...: try skipCharacter()
            default: throw fault("a control character stands in a string")
            }
        }
        throw fault("a string does not end")
    }

    private mutating func skipEscape() throws(JSONFault) {
        guard position + 1 < bytes.count else { throw fault("a string does not end") }
        let letter = bytes[position + 1]
        if JSONEscapes.isKnown(letter) {
            position += 2
            return
        }
        guard letter == UInt8(ascii: "u"), position + 6 <= bytes.count,
            bytes[(position + 2)..<(position + 6)].allSatisfy(JSONEscapes.isHexadecimal)
        else { throw fault("an escape is not one of JSON's") }
        position += 6
    }

    /// Steps over a character beyond ASCII, checking that it is UTF-8 (RFC 3629, section 4).
    private mutating func skipCharacter() throws(JSONFault) {
        func byte(_ offset: Int) -> UInt8 { position + offset < bytes.count ? bytes[position + offset] : 0 }
        func follows(_ offset: Int) -> Bool { byte(offset) & 0xC0 == 0x80 }
        let second = byte(1)
        let count =
            switch bytes[position] {
            case 0xC2...0xDF: 2
            case 0xE0: second >= 0xA0 ? 3 : 0
            case 0xED: second < 0xA0 ? 3 : 0
            case 0xE1...0xEF: 3
            case 0xF0: second >= 0x90 ? 4 : 0
            case 0xF1...0xF3: 4
            case 0xF4: second < 0x90 ? 4 : 0
            default: 0
            }
        guard count > 0, (1..<count).allSatisfy(follows) else { throw fault("a string is not UTF-8") }
        position += count
    }
}
