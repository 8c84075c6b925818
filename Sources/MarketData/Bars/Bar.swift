/// Open, high, low, close and volume of one interval.
public struct Bar: Hashable, Sendable {
    /// The opening instant, as the source stamps it.
    public var time: Timestamp
    /// The first price, in the instrument's currency.
    public var open: Double
    /// The highest price.
    public var high: Double
    /// The lowest price.
    public var low: Double
    /// The last price so far.
    public var close: Double
    /// Shares, contracts or units traded; `nil` where the instrument has no volume.
    public var volume: Double?
    /// Open contracts at the end of the bar; `nil` where the source gives none.
    public var openInterest: Double?
    /// Whether the bar is over: `false` while it is still forming.
    public var isFinal: Bool

    /// A bar from its parts.
    public init(
        time: Timestamp,
        open: Double,
        high: Double,
        low: Double,
        close: Double,
        volume: Double?,
        openInterest: Double? = nil,
        isFinal: Bool
    ) {
        self.time = time
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.openInterest = openInterest
        self.isFinal = isFinal
    }
}
