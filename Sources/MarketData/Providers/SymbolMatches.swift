/// What a search found, and who found it.
public struct SymbolMatches: Hashable, Sendable {
    /// The instruments that match, best first.
    public var instruments: [Instrument]
    /// Who was asked; `nil` where that is not known.
    public var source: Provenance.Source?
    /// In plain words, what the caller should know of how they were found, such as that another search stood in.
    public var note: String?

    /// Matches from their parts.
    public init(_ instruments: [Instrument], source: Provenance.Source? = nil, note: String? = nil) {
        self.instruments = instruments
        self.source = source
        self.note = note
    }
}
