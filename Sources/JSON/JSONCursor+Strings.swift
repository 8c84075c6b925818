extension JSONCursor {
    /// Reads a string.
    public mutating func readString() throws(JSONFault) -> String { try scanString().text }

    /// Reads a key.
    @inlinable @inline(__always)
    public mutating func readKey() throws(JSONFault) -> JSONKey { try scanString() }

    /// Checks a string and steps over it.
    @inlinable
    public mutating func scanString() throws(JSONFault) -> JSONKey {
        guard take(UInt8(ascii: "\"")) else { throw fault("expected a string") }
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
            default: throw fault("unescaped control character in a string")
            }
        }
        throw fault("unterminated string")
    }

    @usableFromInline
    mutating func skipEscape() throws(JSONFault) {
        guard position + 1 < bytes.count else { throw fault("unterminated string") }
        let letter = bytes[position + 1]
        if JSONEscapes.isKnown(letter) {
            position += 2
            return
        }
        guard letter == UInt8(ascii: "u"), position + 6 <= bytes.count,
            bytes[(position + 2)..<(position + 6)].allSatisfy(JSONEscapes.isHexadecimal)
        else { throw fault("invalid escape") }
        position += 6
    }

    /// Steps over a character beyond ASCII, checking that it is UTF-8 (RFC 3629, section 4).
    @usableFromInline
    mutating func skipCharacter() throws(JSONFault) {
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
        guard count > 0, (1..<count).allSatisfy(follows) else { throw fault("invalid UTF-8 in a string") }
        position += count
    }
}

/// Escapes in JSON strings.
enum JSONEscapes {
    /// The text of a string's bytes, whose escapes have been checked. Half a surrogate pair becomes U+FFFD.
    static func resolve(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        var units: [UInt16] = []
        var text = ""
        var position = 0
        var plain = 0
        func flush(_ text: inout String, _ units: inout [UInt16]) {
            if units.isEmpty { return }
            text += String(decoding: units, as: UTF16.self)
            units.removeAll()
        }
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count else {
                position += 1
                continue
            }
            if plain < position {
                flush(&text, &units)
                text += String(decoding: UnsafeBufferPointer(rebasing: bytes[plain..<position]), as: UTF8.self)
            }
            let letter = bytes[position + 1]
            if letter == UInt8(ascii: "u") {
                units.append(bytes[(position + 2)..<(position + 6)].reduce(0) { $0 << 4 | digit($1) })
                position += 6
            } else {
                units.append(UInt16(character(letter)))
                position += 2
            }
            plain = position
        }
        flush(&text, &units)
        return text + String(decoding: UnsafeBufferPointer(rebasing: bytes[plain...]), as: UTF8.self)
    }

    /// Whether a letter may follow a backslash, `u` aside.
    @inline(__always)
    static func isKnown(_ letter: UInt8) -> Bool {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            true
        default: false
        }
    }

    @inline(__always)
    static func isHexadecimal(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte | 0x20)
    }

    private static func digit(_ byte: UInt8) -> UInt16 { UInt16(byte < 58 ? byte - 48 : (byte | 0x20) - 87) }

    private static func character(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }
}
