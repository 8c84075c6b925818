/// What is known of a contract at the end of one interval. A figure that the source did not give is `nil`.
public struct ContractPoint: Hashable, Sendable {
    /// The end of the interval.
    public var time: Timestamp
    /// Whether the interval was over when the source was asked; its figures move until then.
    public var isFinal: Bool
    /// The last price, in the currency of the underlying.
    public var price: Double?
    /// Outstanding at the end, in the history's unit.
    public var openInterest: Double?
    /// Open interest less that of the interval before, in the history's unit.
    public var change: Double?
    /// Traded in the interval, in the history's unit.
    public var volume: Double?
    /// What the source makes of price and open interest, in its own words, such as `Long Build Up`.
    public var buildUp: String?

    /// A point from its parts.
    public init(
        time: Timestamp, isFinal: Bool, price: Double? = nil, openInterest: Double? = nil, change: Double? = nil,
        volume: Double? = nil, buildUp: String? = nil
    ) {
        self.time = time
        self.isFinal = isFinal
        self.price = price
        self.openInterest = openInterest
        self.change = change
        self.volume = volume
        self.buildUp = buildUp
    }
}
