import MarketData
import MarketFormats

/// A name of the command line that should be an instrument.
enum SymbolName {
    /// A bare ticker that is not in the symbol book; the search may know it.
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
    /// - Throws: `MarketDataError.badRequest` for text that is not a symbol; `Unknown` for an unknown bare ticker.
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
    static let argumentHelp = "Symbols: EXCHANGE:TICKER, or bare tickers such as NIFTY; also separated by commas."
    static let fileHelp =
        "File of symbols, one per line or separated by commas, # for comments; - for standard input. TradingView's watchlists are accepted."

    /// Those of the arguments, then those of a file: one per line or a watchlist of TradingView, `#` begins a comment;
    /// `-` is standard input.
    /// - Throws: `MarketDataError` for text that is not a symbol, naming the line; `CommandFailure` for a file that
    ///   cannot be read.
    static func symbols(arguments: [String], file: String?) throws -> [Symbol] {
        try items(arguments: arguments, file: file).map { try $0.meaning.get() }
    }

    /// Reads the same, but keeps an unknown bare ticker as a failure of that name, unless it is the only one.
    /// - Throws: As `symbols` for what is malformed.
    static func items(arguments: [String], file: String?) throws -> [SymbolArgument] {
        var items = try arguments.flatMap { argument in
            try argument.split(separator: ",").map { try SymbolArgument(String($0.filter { $0 != "\n" })) }
        }
        if let file { items += try read(file) }
        guard !items.isEmpty else { throw MarketDataError.badRequest("no symbol given; name one, such as NSE:NIFTY") }
        var seen = Set<String>()
        items = items.filter { seen.insert($0.label).inserted }
        if items.count == 1 { _ = try items[0].meaning.get() }
        return items
    }

    private static func read(_ file: String) throws -> [SymbolArgument] {
        let input = try InputFile(file)
        let listed: [ListedSymbol]
        do {
            listed = try SymbolListText.symbols(input.bytes)
        } catch {
            throw CommandFailure(message: "\(input.name): \(error.message)", exitCode: .usage)
        }
        return try listed.map { symbol in
            let place = "\(file), line \(symbol.line)"
            do {
                return try SymbolArgument(symbol.name, place: place)
            } catch let error as MarketDataError {
                throw MarketDataError(error.code, "\(place): \(error.message)", suggestions: error.suggestions)
            }
        }
    }
}

/// A name on the command line with its instrument, or the reason why there is none.
struct SymbolArgument: Sendable {
    /// The instrument, or why the symbol book knows none.
    let meaning: Result<Symbol, SymbolName.Unknown>
    /// Its name in messages.
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
            // Not searched for yet: `MarketOptions` does so and reads the command line again.
            if let searched = SearchedNames.current, !searched.failed.contains(name) { throw unknown }
            unknown.place = place
            meaning = .failure(unknown)
            label = name
        }
    }
}
