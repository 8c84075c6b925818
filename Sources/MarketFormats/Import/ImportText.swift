/// Why a file could not be read, or a row of it.
public struct ImportFault: Error, Hashable, Sendable {
    /// The line, from 1; `nil` if the fault is the whole file's.
    public let line: Int?
    /// What is wrong and what to do.
    public let message: String

    /// A fault of a line, or of the whole file.
    public init(_ message: String, line: Int? = nil) {
        self.message = message
        self.line = line
    }
}

/// The text of a file that any program on any platform may have written.
public enum ImportText {
    /// The largest file that is read, in bytes.
    public static let largest = 256 << 20

    /// Returns the bytes as UTF-8 without a byte order mark and without the end marks of old systems. UTF-16 is
    /// recognised by its mark or its zero bytes; what is not UTF-8 is read as Windows-1252.
    /// - Throws: `ImportFault` for more than `largest` bytes.
    public static func utf8(_ bytes: [UInt8]) throws(ImportFault) -> [UInt8] {
        guard bytes.count <= largest else {
            throw ImportFault("the file is larger than \(largest >> 20) MB; split it into several files")
        }
        var text = decoded(bytes)
        // Ctrl-Z ends a text of MS-DOS, and zeros fill the last block.
        while let last = text.last, last == 0x1A || last == 0 { text.removeLast() }
        return text
    }

    private static func decoded(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) { return utf8(utf32: bytes.dropFirst(4), isBigEndian: false) }
        if bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return utf8(utf32: bytes.dropFirst(4), isBigEndian: true) }
        if bytes.starts(with: [0xFF, 0xFE]) { return utf8(utf16: bytes.dropFirst(2), isBigEndian: false) }
        if bytes.starts(with: [0xFE, 0xFF]) { return utf8(utf16: bytes.dropFirst(2), isBigEndian: true) }
        let sample = bytes.prefix(256)
        let zeros = sample.indices.filter { sample[$0] == 0 }
        guard zeros.count * 3 > sample.count, sample.count > 1 else {
            return String(validating: bytes, as: UTF8.self) == nil ? utf8(windows1252: bytes) : bytes
        }
        let isBigEndian = zeros.count { $0 % 2 == 0 } * 2 > zeros.count
        return utf8(utf16: bytes[...], isBigEndian: isBigEndian)
    }

    /// Returns the lines of a text, ended by `\n`, `\r\n` or `\r`.
    public static func lines(_ bytes: [UInt8]) throws(ImportFault) -> [String] {
        let text = try utf8(bytes)
        var lines: [String] = []
        var start = 0
        for index in text.indices where text[index] == 0x0A || text[index] == 0x0D {
            let isSecondOfPair = text[index] == 0x0A && index > 0 && text[index - 1] == 0x0D
            if !isSecondOfPair { lines.append(String(decoding: text[start..<index], as: UTF8.self)) }
            start = index + 1
        }
        if start < text.count { lines.append(String(decoding: text[start...], as: UTF8.self)) }
        return lines
    }

    private static func utf8(utf32 bytes: ArraySlice<UInt8>, isBigEndian: Bool) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 4)
        var rest = bytes
        while rest.count >= 4 {
            let unit = rest.prefix(4)
            let value = (isBigEndian ? Array(unit) : unit.reversed()).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            text += String(Character(Unicode.Scalar(value) ?? "\u{FFFD}")).utf8
            rest = rest.dropFirst(4)
        }
        return text
    }

    /// The characters of Windows-1252 from 0x80 to 0x9F; the others are those of Latin-1.
    private static let windows1252: [UInt32] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
        0x017D,
        0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153,
        0x9D,
        0x017E, 0x0178,
    ]

    private static func utf8(windows1252 bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            guard byte >= 0x80 else {
                text.append(byte)
                continue
            }
            let value = byte < 0xA0 ? windows1252[Int(byte) - 0x80] : UInt32(byte)
            text += String(Character(Unicode.Scalar(value) ?? "\u{FFFD}")).utf8
        }
        return text
    }

    private static func utf8(utf16 bytes: ArraySlice<UInt8>, isBigEndian: Bool) -> [UInt8] {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var index = bytes.startIndex
        while index + 1 < bytes.endIndex {
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            units.append(isBigEndian ? first << 8 | second : second << 8 | first)
            index += 2
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }
}

/// A symbol of a list, and its line.
public struct ListedSymbol: Hashable, Sendable {
    /// The text of the symbol.
    public let name: String
    /// The line, from 1.
    public let line: Int
}

/// Reads lists of symbols: one a line or several with commas, TradingView's watchlists with their `###` sections, with
/// comments after `#` and the line ends and byte order marks of any platform.
public enum SymbolListText {
    /// The most symbols that are read.
    public static let most = 100_000

    /// Returns the symbols in their order.
    /// - Throws: `ImportFault` for a file that is too large.
    public static func symbols(_ bytes: [UInt8]) throws(ImportFault) -> [ListedSymbol] {
        var symbols: [ListedSymbol] = []
        for (index, line) in try ImportText.lines(bytes).enumerated() {
            for part in line.split(whereSeparator: { $0 == "," || $0 == ";" || $0 == "\t" }) {
                // A section is one part; everything after a comment mark is ignored.
                let text = part.drop(while: \.isWhitespace)
                if text.hasPrefix("###") { continue }
                var name = text.prefix { $0 != "#" }
                while name.last?.isWhitespace == true { name.removeLast() }
                if !name.isEmpty { symbols.append(ListedSymbol(name: String(name), line: index + 1)) }
                if text.contains("#") { break }
            }
            guard symbols.count <= most else { throw ImportFault("more than \(most) symbols") }
        }
        return symbols
    }
}
