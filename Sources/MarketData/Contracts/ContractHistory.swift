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
    /// Shares a contract; `nil` where it is not known.
    public var lotSize: Int?
    /// Ascending by time, each once. An interval that the source left out is not there.
    public var points: [ContractPoint]
    /// Where the figures came from.
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
