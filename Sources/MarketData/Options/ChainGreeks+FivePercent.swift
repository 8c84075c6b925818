extension ChainGreeks {
    /// How far, as a share of the forward, a strike may lie from the one wanted.
    private static let farthest = 0.01

    /// The 5 % skew: the implied volatility of the put nearest to 95 % of the forward less that of the call nearest to
    /// 105 % of it, each within 1 % of the forward.
    ///
    /// Unknown where there are no such strikes, or their prices are not known.
    public var fivePercentSkew: Figure<VolatilitySkew> {
        volatility(.put, at: 0.95 * forward.price).flatMap { put in
            volatility(.call, at: 1.05 * forward.price).map { call in
                VolatilitySkew(method: .fivePercent, put: put, call: call)
            }
        }
    }

    private func volatility(_ type: OptionType, at price: Double) -> Figure<Double> {
        let reach = ChainGreeks.farthest * forward.price
        guard let row = nearest(to: price), abs(row.strike.price - price) <= reach else {
            let rounded = price.rounded().shortest
            return .unknown(reason: "no strike lies within 1 % of \(rounded), 5 % from the forward")
        }
        return row[type].map(\.impliedVolatility)
    }
}
