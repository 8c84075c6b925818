/// A source that finds instruments by text.
public protocol SymbolSearchProvider: Sendable {
    /// The instruments that match, best first.
    /// - Throws: `MarketDataError`.
    func search(_ query: SymbolQuery) async throws -> [Instrument]

    /// The instruments that match, with who found them and how.
    /// - Throws: `MarketDataError`.
    func matches(_ query: SymbolQuery) async throws -> SymbolMatches
}

extension SymbolSearchProvider {
    /// The instruments that match; a source that does not say more has found them in its usual way.
    public func matches(_ query: SymbolQuery) async throws -> SymbolMatches { SymbolMatches(try await search(query)) }
}
