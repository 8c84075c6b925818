/// The call and the put of one strike; a side that the source left out is `nil`.
public struct OptionStrike: Hashable, Sendable {
    /// The strike price.
    public var strike: Strike
    /// The right to buy.
    public var call: OptionFigures?
    /// The right to sell.
    public var put: OptionFigures?

    /// A strike and its sides.
    public init(strike: Strike, call: OptionFigures?, put: OptionFigures?) {
        self.strike = strike
        self.call = call
        self.put = put
    }

    /// Puts over calls by open interest, of this strike alone.
    public var putCallRatio: PutCallRatio {
        PutCallRatio(puts: put?.openInterest, calls: call?.openInterest, basis: .openInterest)
    }
}
