import MarketData
import MarketFormats

/// A name of the command line that should be an instrument.
enum SymbolName {
    /// A bare ticker that the symbol book does not know: the market may be asked what was meant.
    struct Unknown: Error {
        let name: String
        let error: MarketDataError
        /// The file and line that hold the name.
        var place: String?

        /// The error, or a better one of the same name, with the place before it.
        func located(_ better: MarketDataError? = nil) -> MarketDataError {
            let error = better ?? error
            guard let place else { return error }
            return MarketDataError(
                error.code, "\(place): \(error.message)", source: error.source, recovery: error.recovery,
                suggestions: error.suggestions)
        }
    }

    static let argumentHelp = "Symbol: EXCHANGE:TICKER, or a bare ticker such as NIFTY."

    /// Reads `EXCHANGE:TICKER`, or a bare ticker of the symbol book or of what was searched for.
    /// - Throws: `MarketDataError.badRequest` for text that is no symbol; `Unknown` for an unknown bare ticker.
    static func symbol(_ name: String) throws -> Symbol {
        if let symbol = SearchedNames.current?.found[name] { return symbol }
        do {
            return try SymbolBook.symbol(name)
        } catch  where error.code == .symbolNotFound {
            throw Unknown(name: name, error: error)
        }
    }
}

/// What a search made of the bare tickers that the symbol book does not know.
struct SearchedNames: Sendable {
    /// In force while a command line is read; `nil` where nothing is searched for.
    @TaskLocal static var current: SearchedNames?

    var found: [String: Symbol] = [:]
    /// Those that mean no instrument, or several.
    var failed: Set<String> = []
}

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

/// A name of the command line, and the instrument that it stands for, or why it stands for none.
struct WishedSymbol: Sendable {
    /// The instrument, or why the symbol book knows none.
    let meaning: Result<Symbol, SymbolName.Unknown>
    /// What it is called in what is said of it.
    let label: String

    /// Reads a name.
    /// - Parameter place: The file and line that hold it.
    /// - Throws: `MarketDataError.badRequest` for a name that is malformed.
    init(_ name: String, place: String? = nil) throws {
        do {
            let symbol = try SymbolName.symbol(name)
            meaning = .success(symbol)
            label = symbol.description
        } catch var unknown as SymbolName.Unknown {
            // Not searched for yet: whoever reads the command line does so, and reads it again.
            if let searched = SearchedNames.current, !searched.failed.contains(name) { throw unknown }
            unknown.place = place
            meaning = .failure(unknown)
            label = name
        }
    }
}
