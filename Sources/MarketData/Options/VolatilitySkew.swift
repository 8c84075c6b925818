/// How much dearer puts are than calls as far from the money, in points of volatility.
public struct VolatilitySkew: Hashable, Sendable {
    /// Which put and which call are compared.
    public enum Method: String, CaseIterable, Sendable {
        /// Those whose delta is a quarter, between the strikes on either side of it.
        case quarterDelta = "25_delta"
        /// Those 5 % below and above the forward, between the strikes on either side of it.
        case fivePercent = "5_percent"
    }

    /// How it was taken.
    public let method: Method
    /// Of the put, in percent a year.
    public let put: Double
    /// Of the call, in percent a year.
    public let call: Double

    /// The put's implied volatility less the call's.
    public var value: Double { put - call }
}

extension ChainGreeks {
    private static let quarter = 0.25

    /// The 25-delta skew (risk reversal): the implied volatility of the put with delta -0.25 less that of the call with
    /// delta 0.25, each on the straight line in delta between the two strikes around it.
    ///
    /// Unknown where the strikes of the chain do not reach so far out.
    public var quarterDeltaSkew: ComputedValue<VolatilitySkew> {
        volatility(.put).flatMap { put in
            volatility(.call).map { call in VolatilitySkew(method: .quarterDelta, put: put, call: call) }
        }
    }

    private func volatility(_ type: OptionType) -> ComputedValue<Double> {
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

extension ChainGreeks {
    /// How far, as a share of the forward, a strike may lie from the price wanted.
    private static let farthest = 0.02

    /// The 5 % skew: the implied volatility of a put at 95 % of the forward less that of a call at 105 % of it, each
    /// on the straight line in strike between the two nearest strikes whose volatility is known.
    ///
    /// Unknown where there is no such strike on both sides within 2 % of the forward.
    public var fivePercentSkew: ComputedValue<VolatilitySkew> {
        volatility(.put, at: 0.95 * forward.price).flatMap { put in
            volatility(.call, at: 1.05 * forward.price).map { call in
                VolatilitySkew(method: .fivePercent, put: put, call: call)
            }
        }
    }

    private func volatility(_ type: OptionType, at price: Double) -> ComputedValue<Double> {
        let reach = ChainGreeks.farthest * forward.price
        let known = strikes.compactMap { row in
            row[type].value.map { (strike: row.strike.price, volatility: $0.impliedVolatility) }
        }
        let near = known.filter { abs($0.strike - price) <= reach }
        guard let below = near.last(where: { $0.strike <= price }),
            let above = near.first(where: { $0.strike >= price })
        else {
            let rounded = price.rounded().shortest
            return .unknown(
                reason:
                    "no two strikes with a known \(type.rawValue) volatility lie around \(rounded) within 2 % of the "
                    + "forward")
        }
        guard below.strike < above.strike else { return .known(below.volatility) }
        let share = (price - below.strike) / (above.strike - below.strike)
        return .known(below.volatility + share * (above.volatility - below.volatility))
    }
}
