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
