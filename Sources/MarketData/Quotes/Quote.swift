/// The newest values of one instrument. A value that the source did not send is `nil`, never zero.
public struct Quote: Hashable, Sendable {
    /// The instrument of the values.
    public var symbol: Symbol
    /// The last price, in the instrument's currency.
    public var last: Double?
    /// When the last price was made.
    public var lastTime: Timestamp?
    /// The best bid price.
    public var bid: Double?
    /// The best ask price.
    public var ask: Double?
    /// The day's first price.
    public var open: Double?
    /// The day's highest price.
    public var high: Double?
    /// The day's lowest price.
    public var low: Double?
    /// The last price of the day before.
    public var previousClose: Double?
    /// The last price less the previous close.
    public var change: Double?
    /// The change in percent of the previous close.
    public var changePercent: Double?
    /// Shares, contracts or units traded today.
    public var volume: Double?
    /// Open contracts.
    public var openInterest: Double?
    /// The state of the exchange's day, such as `market` or `out_of_session`.
    public var session: String?
    /// The source of the values.
    public var provenance: Provenance

    /// A quote without values yet.
    public init(symbol: Symbol, provenance: Provenance) {
        self.symbol = symbol
        self.provenance = provenance
    }
}

/// What a live feed of quotes says.
public enum QuoteEvent: Hashable, Sendable {
    /// The newest values of one instrument, whole.
    case quote(Quote)
    /// One instrument has no quotes; the others continue.
    case refused(Symbol, MarketDataError)
    /// The source became available or unavailable.
    case status(SourceStatus)
}
