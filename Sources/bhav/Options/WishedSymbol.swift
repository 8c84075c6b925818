import MarketData

/// A name of the command line, and the instrument that it stands for, or why it stands for none.
struct WishedSymbol: Sendable {
    /// The instrument, or why the symbol book knows none.
    let meaning: Result<Symbol, SymbolName.Unknown>
    /// What it is called in what is said of it.
    let label: String

    /// Reads a name.
    /// - Throws: `MarketDataError.badRequest` for a name that is malformed.
    init(_ name: String) throws {
        do {
            let symbol = try SymbolName.symbol(name)
            meaning = .success(symbol)
            label = symbol.description
        } catch let unknown as SymbolName.Unknown {
            meaning = .failure(unknown)
            label = name
        }
    }
}
