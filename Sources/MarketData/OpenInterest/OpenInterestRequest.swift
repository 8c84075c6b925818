/// Which open interest is wanted.
public struct OpenInterestRequest: Hashable, Sendable {
    /// The underlying.
    public var symbol: Symbol
    /// When the options expire; `nil` for the nearest expiry.
    public var expiry: CalendarDate?
    /// The moment wanted; `nil` for now.
    public var at: Timestamp?

    /// A request; nearest expiry and now, unless said otherwise.
    public init(symbol: Symbol, expiry: CalendarDate? = nil, at: Timestamp? = nil) {
        self.symbol = symbol
        self.expiry = expiry
        self.at = at
    }
}
