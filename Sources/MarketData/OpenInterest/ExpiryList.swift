/// The dates on which options of an underlying expire.
public struct ExpiryList: Hashable, Sendable {
    /// The underlying.
    public var symbol: Symbol
    /// Nearest first.
    public var expiries: [CalendarDate]
    /// The one that a question without an expiry means.
    public var standard: CalendarDate?
    /// Where the list came from.
    public var provenance: Provenance

    /// A list from its parts; dates are put in order.
    public init(symbol: Symbol, expiries: [CalendarDate], standard: CalendarDate?, provenance: Provenance) {
        self.symbol = symbol
        self.expiries = expiries.sorted()
        self.standard = standard ?? self.expiries.first
        self.provenance = provenance
    }
}
