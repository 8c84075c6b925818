/// Which open interest is wanted.
public struct OpenInterestRequest: Hashable, Sendable {
    /// The underlying.
    public var symbol: Symbol
    /// When the options expire; `nil` for the nearest expiry.
    public var expiry: CalendarDate?
    /// The moment wanted; `nil` for now.
    public var at: Timestamp?
    /// Which strikes are wanted. Only some sources can choose; an answer says which strikes it covers.
    public var strikes: StrikeSelection

    /// A request; nearest expiry, now and the source's own strikes, unless said otherwise.
    public init(
        symbol: Symbol, expiry: CalendarDate? = nil, at: Timestamp? = nil, strikes: StrikeSelection = .usual
    ) {
        self.symbol = symbol
        self.expiry = expiry
        self.at = at
        self.strikes = strikes
    }
}
