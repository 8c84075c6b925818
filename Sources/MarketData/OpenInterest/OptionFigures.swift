/// What is known of one option at one moment. A figure that the source did not give is `nil`, never a zero.
public struct OptionFigures: Hashable, Sendable {
    /// Contracts outstanding, in the snapshot's unit.
    public var openInterest: Double?
    /// Open interest less that of the previous session's close, in the same unit.
    public var change: Double?
    /// Open interest at the previous session's close, in the same unit.
    public var previous: Double?
    /// The last price, in the currency of the underlying.
    public var last: Double?
    /// The best price bid; `nil` where the source gave none.
    public var bid: Double?
    /// The best price asked; `nil` where the source gave none.
    public var ask: Double?
    /// The last price less that of the previous session's close, in the currency of the underlying.
    public var priceChange: Double?
    /// Traded today, in the snapshot's unit.
    public var volume: Double?
    /// In percent a year, by the source's own model.
    public var impliedVolatility: Double?

    /// Figures, of which any may be unknown.
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
