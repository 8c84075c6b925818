import MarketData

/// A name of the command line that should be an instrument.
enum SymbolName {
    /// A bare ticker that the symbol book does not know: the market may be asked what was meant.
    struct Unknown: Error {
        let name: String
        let error: MarketDataError
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
