import Foundation
import MarketData

/// The symbols that a command line names, each once, in the order given.
enum SymbolList {
    /// Those of the arguments, then those of a file: one a line, `#` begins a comment; `-` is standard input.
    /// - Throws: `MarketDataError` for text that is no symbol, naming the line; `CommandFailure` for a file that cannot be
    ///   read.
    static func symbols(arguments: [String], file: String?) throws -> [Symbol] {
        var symbols = try arguments.map { try SymbolBook.symbol($0) }
        if let file { symbols += try read(file) }
        guard !symbols.isEmpty else { throw MarketDataError.badRequest("no symbol is given") }
        var seen = Set<Symbol>()
        return symbols.filter { seen.insert($0).inserted }
    }

    private static func read(_ file: String) throws -> [Symbol] {
        let text: String
        do {
            let data =
                file == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(fileURLWithPath: file))
            text = String(decoding: data, as: UTF8.self)
        } catch {
            throw CommandFailure(message: "cannot read the symbols from '\(file)'", exitCode: .usage)
        }
        var symbols: [Symbol] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let name = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
            if name.isEmpty { continue }
            do {
                symbols.append(try SymbolBook.symbol(name))
            } catch let error {
                throw MarketDataError(
                    error.code, "\(file), line \(index + 1): \(error.message)", suggestions: error.suggestions)
            }
        }
        return symbols
    }
}
