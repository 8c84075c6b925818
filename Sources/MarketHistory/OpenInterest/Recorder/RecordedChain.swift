public import MarketData

/// The options of one underlying and expiry, as a recorder follows them.
public struct RecordedChain: Hashable, Sendable, CustomStringConvertible {
    /// The underlying.
    public let symbol: Symbol
    /// When the options expire.
    public let expiry: CalendarDate

    /// A chain by its underlying and expiry.
    public init(symbol: Symbol, expiry: CalendarDate) {
        self.symbol = symbol
        self.expiry = expiry
    }

    var request: OpenInterestRequest { OpenInterestRequest(symbol: symbol, expiry: expiry) }

    /// The symbol and the expiry.
    public var description: String { "\(symbol) \(expiry)" }
}
