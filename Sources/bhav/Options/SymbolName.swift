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

    /// Reads `EXCHANGE:TICKER`, or a bare ticker of the symbol book.
    /// - Throws: `MarketDataError.badRequest` for text that is no symbol; `Unknown` for an unknown bare ticker.
    static func symbol(_ name: String) throws -> Symbol {
        do {
            return try SymbolBook.symbol(name)
        } catch  where error.code == .symbolNotFound {
            throw Unknown(name: name, error: error)
        }
    }
}
