/// Price and open interest of one contract through one session.
public struct ContractHistory: Hashable, Sendable {
    /// The contract.
    public var contract: DerivativeContract
    /// How long each interval is.
    public var interval: Interval
    /// The session that the points are of.
    public var tradingDay: CalendarDate
    /// What open interest, change and volume are counted in.
    public var unit: OpenInterestUnit
    /// Shares a contract; `nil` if unknown.
    public var lotSize: Int?
    /// Ascending by time, each once. An interval that the source left out is not there.
    public var points: [ContractPoint]
    /// The source of the values.
    public var provenance: Provenance

    /// A history from its parts; points are put in order.
    public init(
        contract: DerivativeContract, interval: Interval, tradingDay: CalendarDate, unit: OpenInterestUnit,
        lotSize: Int?, points: [ContractPoint], provenance: Provenance
    ) {
        self.contract = contract
        self.interval = interval
        self.tradingDay = tradingDay
        self.unit = unit
        self.lotSize = lotSize
        self.points = points.sorted { $0.time < $1.time }
        self.provenance = provenance
    }
}

/// Which contract's history of the session is wanted.
public struct ContractHistoryRequest: Hashable, Sendable {
    /// The underlying.
    public var underlying: Symbol
    /// When the contract expires; `nil` for the nearest expiry.
    public var expiry: CalendarDate?
    /// What kind of contract.
    public var kind: DerivativeContract.Kind
    /// How long each interval is.
    public var interval: Interval

    /// A request; nearest expiry and five minutes, unless said otherwise.
    public init(
        underlying: Symbol, expiry: CalendarDate? = nil, kind: DerivativeContract.Kind,
        interval: Interval = .fiveMinutes
    ) {
        self.underlying = underlying
        self.expiry = expiry
        self.kind = kind
        self.interval = interval
    }
}

/// The values of a contract at the end of one interval. A value that the source did not send is `nil`.
public struct ContractPoint: Hashable, Sendable {
    /// The end of the interval.
    public var time: Timestamp
    /// Whether the interval was over when the source was read; until then its values change.
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
