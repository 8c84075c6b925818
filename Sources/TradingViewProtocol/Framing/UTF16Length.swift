/// Counts the UTF-16 units of UTF-8 bytes without making a `String`.
enum UTF16Length {
    /// The units that a character of UTF-8 counts for, charged to its first byte: 1, 2 beyond the basic plane, and 0
    /// for a continuation byte.
    @inline(__always)
    static func units(ofLead byte: UInt8) -> Int {
        if byte < 0x80 { return 1 }
        if byte < 0xC0 { return 0 }
        return byte < 0xF0 ? 1 : 2
    }
}
