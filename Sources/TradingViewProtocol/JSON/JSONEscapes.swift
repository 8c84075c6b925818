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
