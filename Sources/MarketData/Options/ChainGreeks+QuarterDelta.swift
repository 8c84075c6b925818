extension ChainGreeks {
    private static let quarter = 0.25

    /// The 25-delta skew (risk reversal): the implied volatility of the put with delta -0.25 less that of the call with
    /// delta 0.25, each on the straight line in delta between the two strikes around it.
    ///
    /// Unknown where the strikes of the chain do not reach so far out.
    public var quarterDeltaSkew: Figure<VolatilitySkew> {
        volatility(.put).flatMap { put in
            volatility(.call).map { call in VolatilitySkew(method: .quarterDelta, put: put, call: call) }
        }
    }

    private func volatility(_ type: OptionType) -> Figure<Double> {
        // From the money outwards, the first pair around the quarter: further out prices are stale.
        let known = strikes.compactMap { $0[type].value }.map {
            (delta: abs($0.delta), volatility: $0.impliedVolatility)
        }
        let outwards = type == .call ? known : known.reversed()
        let pairs = zip(outwards, outwards.dropFirst())
        let around = pairs.first { $0.delta >= ChainGreeks.quarter && $1.delta <= ChainGreeks.quarter }
        guard let (inner, outer) = around else {
            return .unknown(reason: "no two strikes with known greeks lie around the \(type.rawValue) of delta 0.25")
        }
        guard inner.delta > outer.delta else { return .known(inner.volatility) }
        let share = (inner.delta - ChainGreeks.quarter) / (inner.delta - outer.delta)
        return .known(inner.volatility + share * (outer.volatility - inner.volatility))
    }
}
