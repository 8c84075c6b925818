/// A source that finds instruments by text.
public protocol SymbolSearchProvider: Sendable {
    /// The instruments that match, best first.
    /// - Throws: `MarketDataError`.
    func search(_ query: SymbolQuery) async throws -> [Instrument]
}
