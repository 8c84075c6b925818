import Foundation
import MarketData

/// The symbols that a command line names, each once, in the order given.
enum SymbolList {
    /// Those of the arguments, then those of a file: one a line, `#` begins a comment; `-` is standard input.
    /// - Throws: `MarketDataError` for text that is no symbol, naming the line; `CommandFailure` for a file that cannot be
    ///   read.
    static func symbols(arguments: [String], file: String?) throws -> [Symbol] {
        try wishes(arguments: arguments, file: file).map { try $0.meaning.get() }
    }

    /// The same, where a bare ticker that the symbol book does not know is one name's misfortune, unless it is the only
    /// one.
    /// - Throws: As `symbols` for what is malformed.
    static func wishes(arguments: [String], file: String?) throws -> [WishedSymbol] {
        var wishes = try arguments.map { try WishedSymbol($0) }
        if let file { wishes += try read(file) }
        guard !wishes.isEmpty else { throw MarketDataError.badRequest("no symbol is given") }
        var seen = Set<String>()
        wishes = wishes.filter { seen.insert($0.label).inserted }
        if wishes.count == 1 { _ = try wishes[0].meaning.get() }
        return wishes
    }

    private static func read(_ file: String) throws -> [WishedSymbol] {
        let text: String
        do {
            let data =
                file == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(fileURLWithPath: file))
            text = String(decoding: data, as: UTF8.self)
        } catch {
            throw CommandFailure(message: "cannot read the symbols from '\(file)'", exitCode: .usage)
        }
        var wishes: [WishedSymbol] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let name = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
            if name.isEmpty { continue }
            let place = "\(file), line \(index + 1)"
            do {
                wishes.append(try WishedSymbol(name, place: place))
            } catch let error as MarketDataError {
                throw MarketDataError(error.code, "\(place): \(error.message)", suggestions: error.suggestions)
            }
        }
        return wishes
    }
}
