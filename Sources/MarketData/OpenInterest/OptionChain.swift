/// The options of one expiry at one moment with what they cost, and what the source itself computed from them.
public struct OptionChain: Hashable, Sendable {
    /// Open interest, price, volume and the source's implied volatility by strike.
    public var snapshot: OpenInterestSnapshot
    /// The source's own put-call ratios, over whichever strikes it counts; empty where it gives none. They are not ours:
    /// `OpenInterestSnapshot.putCallRatio(by:)` is computed from the strikes beside them.
    public var sourceRatios: [PutCallRatio.Basis: Double]
    /// The source's own max pain; `nil` where it gives none.
    public var sourceMaxPain: Strike?
    /// The source's own greeks; `nil` where it gives none.
    public var sourceGreeks: SourceGreeks?

    /// A chain from its parts.
    public init(
        snapshot: OpenInterestSnapshot,
        sourceRatios: [PutCallRatio.Basis: Double] = [:],
        sourceMaxPain: Strike? = nil,
        sourceGreeks: SourceGreeks? = nil
    ) {
        self.snapshot = snapshot
        self.sourceRatios = sourceRatios
        self.sourceMaxPain = sourceMaxPain
        self.sourceGreeks = sourceGreeks
    }
}
