/// The call and the put of one strike; a side that the source left out is `nil`.
public struct OptionStrike: Hashable, Sendable {
    /// The strike price.
    public var strike: Strike
    /// The right to buy.
    public var call: OptionData?
    /// The right to sell.
    public var put: OptionData?

    /// A strike and its sides.
    public init(strike: Strike, call: OptionData?, put: OptionData?) {
        self.strike = strike
        self.call = call
        self.put = put
    }

    /// Puts over calls by open interest, of this strike alone.
    public var putCallRatio: PutCallRatio {
        PutCallRatio(puts: put?.openInterest, calls: call?.openInterest, basis: .openInterest)
    }
}

/// The values of one option at one moment. A value that the source did not send is `nil`, never zero.
public struct OptionData: Hashable, Sendable {
    /// Contracts outstanding, in the snapshot's unit.
    public var openInterest: Double?
    /// Open interest less that of the previous session's close, in the same unit.
    public var change: Double?
    /// Open interest at the previous session's close, in the same unit.
    public var previous: Double?
    /// The last price, in the currency of the underlying.
    public var last: Double?
    /// The best bid price; `nil` if the source sent none.
    public var bid: Double?
    /// The best ask price; `nil` if the source sent none.
    public var ask: Double?
    /// The last price less that of the previous session's close, in the currency of the underlying.
    public var priceChange: Double?
    /// Traded today, in the snapshot's unit.
    public var volume: Double?
    /// In percent a year, by the source's own model.
    public var impliedVolatility: Double?

    /// Creates the values; each may be unknown.
    public init(
        openInterest: Double? = nil,
        change: Double? = nil,
        previous: Double? = nil,
        last: Double? = nil,
        volume: Double? = nil,
        impliedVolatility: Double? = nil,
        priceChange: Double? = nil,
        bid: Double? = nil,
        ask: Double? = nil
    ) {
        self.openInterest = openInterest
        self.change = change
        self.previous = previous
        self.last = last
        self.volume = volume
        self.impliedVolatility = impliedVolatility
        self.priceChange = priceChange
        self.bid = bid
        self.ask = ask
    }
}

extension OptionStrike {
    /// The last price of the call or the put, if it can be used in computations.
    ///
    /// Unknown where there is none, for which some sources write 0, and where nothing was traded today: such a price is
    /// of an earlier day and does not belong to the other prices of the chain.
    public func price(of type: OptionType) -> ComputedValue<Double> {
        guard let price = fitPrice(of: type) else { return .unknown(reason: words(of: type) + unfitness(of: type)) }
        return .known(price)
    }

    /// The same, without a reason if it is missing.
    func fitPrice(of type: OptionType) -> Double? {
        guard let side = self[type], let last = side.last, last.isFinite, last > 0, side.volume != 0 else { return nil }
        return last
    }

    /// Why the price is not fit, to be put after the option's name.
    func unfitness(of type: OptionType) -> String {
        guard let last = self[type]?.last, last.isFinite, last > 0 else { return " has no last price" }
        return " was not traded today: its last price, \(last.shortest), is of an earlier day"
    }

    func words(of type: OptionType) -> String { "the \(type.rawValue) of \(strike)" }
}
