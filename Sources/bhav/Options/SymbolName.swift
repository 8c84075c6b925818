import MarketData

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
