import MarketData

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
