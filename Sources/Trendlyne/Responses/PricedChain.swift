import MarketData

/// An answer of `fno/option/chain` as it stands: price, contracts traded, open interest and greeks by strike, with the
/// source's own ratios over the whole expiry.
struct PricedChain: Hashable, Sendable {
    /// One side of a strike. What the source writes as 0 for want of a figure is `nil`.
    struct Side: Hashable, Sendable {
        var last: Double?
        /// Traded today, in contracts.
        var contracts: Double?
        /// In shares.
        var openInterest: Double?
        /// In percent a year.
        var impliedVolatility: Double?
        var greeks: SourceGreeks.Figures?
        /// No implied volatility, and each greek exactly 0.0: so the source shows options that no longer live.
        var isFrozen = false
    }

    /// A strike.
    struct Row: Hashable, Sendable {
        var strike: Strike
        /// `nil` where the answer has no figure of that side.
        var call: Side?
        var put: Side?
    }

    /// Ascending by strike.
    var rows: [Row]
    /// The price of the underlying; `nil` where the source gave none.
    var spot: Double?
    var ratios: [PutCallRatio.Basis: Double]
    var maxPain: Strike?

    /// Whether every option shows the marks of an expiry that is over: real open interest, and no life in it.
    var isFrozen: Bool {
        let sides = rows.flatMap { [$0.call, $0.put].compactMap { $0 } }
        return !sides.isEmpty && sides.allSatisfy(\.isFrozen)
    }
}
