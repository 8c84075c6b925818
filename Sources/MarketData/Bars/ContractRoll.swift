/// A moment at which a continuous future went over to the next contract.
public struct ContractRoll: Hashable, Sendable {
    /// When the new contract took over.
    public var time: Timestamp
    /// The contract that was left, such as `NSE:NIFTYV2026`; `nil` where the source does not say.
    public var from: Symbol?
    /// The contract that took over; `nil` where the source does not say.
    public var to: Symbol?

    /// A roll from one contract to another.
    public init(time: Timestamp, from: Symbol? = nil, to: Symbol? = nil) {
        self.time = time
        self.from = from
        self.to = to
    }
}
