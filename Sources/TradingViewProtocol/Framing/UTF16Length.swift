/// Finds the end of a payload by its declared length, over UTF-8 bytes and without making a `String`.
///
/// TradingView counts UTF-16 units, since its page is written in JavaScript.
enum UTF16Length {
    /// What a length may have counted.
    enum Unit: CaseIterable {
        case utf16, codePoint, byte
    }

    /// Where a payload ends.
    enum Extent: Equatable {
        case end(Int)
        /// The bytes end before the length is reached.
        case short
        /// The length ends inside a character.
        case insideCharacter
    }

    /// The units that a character of UTF-8 counts for, charged to its first byte: 1, 2 beyond the basic plane, and 0
    /// for a continuation byte.
    @inline(__always)
    static func units(ofLead byte: UInt8) -> Int {
        if byte < 0x80 { return 1 }
        if byte < 0xC0 { return 0 }
        return byte < 0xF0 ? 1 : 2
    }

    /// The end of `count` units that begin at `start`.
    static func extent(
        of count: Int, in bytes: UnsafeBufferPointer<UInt8>, from start: Int, counting unit: Unit
    ) -> Extent {
        let raw = UnsafeRawBufferPointer(bytes)
        var position = start
        var left = count
        while left > 0 {
            // Sixty-four ASCII characters at once, then eight.
            while left >= 64, position + 64 <= raw.count {
                let block = raw.loadUnaligned(fromByteOffset: position, as: SIMD8<UInt64>.self)
                guard block.union & 0x8080_8080_8080_8080 == 0 else { break }
                position += 64
                left -= 64
            }
            if left >= 8, position + 8 <= raw.count,
                raw.loadUnaligned(fromByteOffset: position, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
            {
                position += 8
                left -= 8
                continue
            }
            guard left > 0 else { break }
            guard position < raw.count else { return .short }
            let lead = raw[position]
            switch unit {
            case .byte:
                position += 1
                left -= 1
            case .utf16, .codePoint:
                position += lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
                left -= lead < 0xF0 || unit == .codePoint ? 1 : 2
            }
        }
        guard left == 0 else { return .insideCharacter }
        return position <= raw.count ? .end(position) : .short
    }
}

extension SIMD8<UInt64> {
    /// All eight words, or'ed.
    @inline(__always)
    fileprivate var union: UInt64 {
        let four = lowHalf | highHalf
        let two = four.lowHalf | four.highHalf
        return two[0] | two[1]
    }
}
