extension ChainGreeks {
    /// Implied volatility at the money, in percent a year: the mean of the call's and the put's, at the strike nearest to
    /// the forward.
    ///
    /// Unknown where either is.
    public var atTheMoneyVolatility: Figure<Double> {
        guard let atTheMoney else { return .unknown(reason: "there are no strikes") }
        return atTheMoney.call.flatMap { call in
            atTheMoney.put.map { put in (call.impliedVolatility + put.impliedVolatility) / 2 }
        }
    }
}
