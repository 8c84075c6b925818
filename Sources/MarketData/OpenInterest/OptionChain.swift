/// The options of one expiry at one moment with what they cost, and what the source itself computed from them.
public struct OptionChain: Hashable, Sendable {
    /// Open interest, price, volume and the source's implied volatility by strike.
    public var snapshot: OpenInterestSnapshot
    /// The source's own put-call ratios, over the strikes that it counts; empty where it sends none. They are not
    /// ours: `OpenInterestSnapshot.putCallRatio(by:)` is computed from the strikes beside them.
    public var sourceRatios: [PutCallRatio.Basis: Double]
    /// The source's own max pain; `nil` if it sends none.
    public var sourceMaxPain: Strike?
    /// The source's own greeks; `nil` if it sends none.
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

/// The greeks of a chain as a source computed them, by its own model. They are not ours: `ChainGreeks` are
/// computed from the prices beside them.
public struct SourceGreeks: Hashable, Sendable {
    /// The greeks of one option; a value that the source did not send is `nil`. Units are the source's.
    public struct Values: Hashable, Sendable {
        /// Change of the premium for a change of the underlying by one.
        public var delta: Double?
        /// Change of delta for a change of the underlying by one.
        public var gamma: Double?
        /// Change of the premium with time.
        public var theta: Double?
        /// Change of the premium with volatility.
        public var vega: Double?
        /// Change of the premium with the interest rate.
        public var rho: Double?

        /// Creates the values; each may be unknown.
        public init(
            delta: Double? = nil, gamma: Double? = nil, theta: Double? = nil, vega: Double? = nil, rho: Double? = nil
        ) {
            self.delta = delta
            self.gamma = gamma
            self.theta = theta
            self.vega = vega
            self.rho = rho
        }
    }

    /// The call and the put of one strike; a side without greeks is `nil`.
    public struct Row: Hashable, Sendable {
        /// Of the call.
        public var call: Values?
        /// Of the put.
        public var put: Values?

        /// A row from its sides.
        public init(call: Values?, put: Values?) {
            self.call = call
            self.put = put
        }
    }

    /// The source's model, as text.
    public var model: String
    /// By strike.
    public var strikes: [Strike: Row]

    /// Greeks from their parts.
    public init(model: String, strikes: [Strike: Row]) {
        self.model = model
        self.strikes = strikes
    }

    /// The greeks of one option.
    public subscript(strike: Strike, type: OptionType) -> Values? {
        type == .call ? strikes[strike]?.call : strikes[strike]?.put
    }
}
