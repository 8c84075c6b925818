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

    /// Returns the bytes as UTF-8 without a byte order mark; UTF-16 is recognised by its mark or its zero bytes.
    /// - Throws: `ImportFault` for more than `largest` bytes.
    public static func utf8(_ bytes: [UInt8]) throws(ImportFault) -> [UInt8] {
        guard bytes.count <= largest else {
            throw ImportFault("the file is larger than \(largest >> 20) MB; split it into several files")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
        if bytes.starts(with: [0xFF, 0xFE]) { return utf8(utf16: bytes.dropFirst(2), isBigEndian: false) }
        if bytes.starts(with: [0xFE, 0xFF]) { return utf8(utf16: bytes.dropFirst(2), isBigEndian: true) }
        let sample = bytes.prefix(256)
        let zeros = sample.indices.filter { sample[$0] == 0 }
        guard zeros.count * 3 > sample.count, sample.count > 1 else { return bytes }
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
