extension ChainGreeks {
    /// How far, as a share of the forward, a strike may lie from the price wanted.
    private static let farthest = 0.02

    /// The 5 % skew: the implied volatility of a put at 95 % of the forward less that of a call at 105 % of it, each on the
    /// straight line in strike between the two nearest strikes whose volatility is known.
    ///
    /// Unknown where there is no such strike on both sides within 2 % of the forward.
    public var fivePercentSkew: Figure<VolatilitySkew> {
        volatility(.put, at: 0.95 * forward.price).flatMap { put in
            volatility(.call, at: 1.05 * forward.price).map { call in
                VolatilitySkew(method: .fivePercent, put: put, call: call)
            }
        }
    }

    private func volatility(_ type: OptionType, at price: Double) -> Figure<Double> {
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
