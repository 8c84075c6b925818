public import MarketData

/// A final bar as it once was, before a newer answer said otherwise.
public struct BarRevision: Hashable, Sendable {
    /// The former value.
    public let former: Bar
    /// Who gave it, and when.
    public let provenance: Provenance

    /// A former value and where it came from.
    public init(former: Bar, provenance: Provenance) {
        self.former = former
        self.provenance = provenance
    }
}
