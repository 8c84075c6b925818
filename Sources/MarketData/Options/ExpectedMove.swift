/// How far the underlying is expected to move until expiry, up or down.
public struct ExpectedMove: Hashable, Sendable {
    /// What it was read from.
    public enum Method: String, CaseIterable, Sendable {
        /// The price of the straddle at the money: the mean of the move's size.
        case straddle
        /// Spot x implied volatility x sqrt(T): one standard deviation.
        case volatility
    }

    /// How it was taken.
    public let method: Method
    /// In the currency of the underlying.
    public let amount: Double
}

extension OpenInterestSnapshot {
    /// The expected move by the price of the straddle at the money.
    ///
    /// Unknown where that is.
    public var expectedMoveByStraddle: Figure<ExpectedMove> {
        straddle.map { ExpectedMove(method: .straddle, amount: $0.price) }
    }

    /// The expected move by volatility: spot x implied volatility at the money x sqrt(T).
    ///
    /// Unknown without a spot, or where the volatility is.
    public func expectedMoveByVolatility(_ greeks: ChainGreeks) -> Figure<ExpectedMove> {
        guard let spot else { return .unknown(reason: "the spot is not known") }
        return greeks.atTheMoneyVolatility.map { volatility in
            ExpectedMove(method: .volatility, amount: spot * volatility / 100 * greeks.years.squareRoot())
        }
    }
}
