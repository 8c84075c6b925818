import MarketData
import MarketFormats

/// The symbols that a command line names, each once, in the order given.
enum SymbolList {
    static let argumentHelp = "Symbols: EXCHANGE:TICKER, or bare tickers such as NIFTY; also divided by commas."
    static let fileHelp =
        "File of symbols, one a line or divided by commas, # for comments; - for standard input. TradingView's watchlists work too."

    /// Those of the arguments, then those of a file: one a line or a watchlist of TradingView, `#` begins a comment; `-` is standard input.
    /// - Throws: `MarketDataError` for text that is no symbol, naming the line; `CommandFailure` for a file that cannot be
    ///   read.
    static func symbols(arguments: [String], file: String?) throws -> [Symbol] {
        try wishes(arguments: arguments, file: file).map { try $0.meaning.get() }
    }

    /// The same, where a bare ticker that the symbol book does not know is one name's misfortune, unless it is the only
    /// one.
    /// - Throws: As `symbols` for what is malformed.
    static func wishes(arguments: [String], file: String?) throws -> [WishedSymbol] {
        var wishes = try arguments.flatMap { argument in
            try argument.split(separator: ",").map { try WishedSymbol(String($0.filter { $0 != "\n" })) }
        }
        if let file { wishes += try read(file) }
        guard !wishes.isEmpty else { throw MarketDataError.badRequest("no symbol is given") }
        var seen = Set<String>()
        wishes = wishes.filter { seen.insert($0.label).inserted }
        if wishes.count == 1 { _ = try wishes[0].meaning.get() }
        return wishes
    }

    private static func read(_ file: String) throws -> [WishedSymbol] {
        let input = try InputFile(file, now: SystemClock.now())
        let listed: [ListedSymbol]
        do {
            listed = try SymbolListText.symbols(input.bytes)
        } catch {
            throw CommandFailure(message: "\(input.name): \(error.message)", exitCode: .usage)
        }
        return try listed.map { symbol in
            let place = "\(file), line \(symbol.line)"
            do {
                return try WishedSymbol(symbol.name, place: place)
            } catch let error as MarketDataError {
                throw MarketDataError(error.code, "\(place): \(error.message)", suggestions: error.suggestions)
            }
        }
    }
}
