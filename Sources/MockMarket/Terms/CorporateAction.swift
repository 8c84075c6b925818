public import MarketData

/// A split or a dividend of a share.
public struct CorporateAction: Hashable, Sendable {
    /// What happened.
    public enum Kind: Hashable, Sendable {
        /// One share became so many: 2 halves the price.
        case split(ratio: Double)
        /// So much of the price was paid out, as a fraction: 0.015 for 1.5 %.
        case dividend(fraction: Double)
    }

    /// The share.
    public let symbol: Symbol
    /// The first trading day on which the price is without it.
    public let date: CalendarDate
    /// What happened.
    public let kind: Kind

    /// An action of one day.
    public init(symbol: Symbol, date: CalendarDate, kind: Kind) {
        self.symbol = symbol
        self.date = date
        self.kind = kind
    }
}
