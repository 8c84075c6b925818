/// A symbol as a list of them has it, and the line on which it stands.
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
                // A section is a part of its own; behind a comment the rest of the line is one too.
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
