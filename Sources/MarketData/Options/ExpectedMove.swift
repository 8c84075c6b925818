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
    public var expectedMoveByStraddle: ComputedValue<ExpectedMove> {
        straddle.map { ExpectedMove(method: .straddle, amount: $0.price) }
    }

    /// The expected move by volatility: spot x implied volatility at the money x sqrt(T).
    ///
    /// Unknown without a spot, or where the volatility is.
    public func expectedMoveByVolatility(_ greeks: ChainGreeks) -> ComputedValue<ExpectedMove> {
        guard let spot else { return .unknown(reason: "the spot is not known") }
        return greeks.atTheMoneyVolatility.map { volatility in
            ExpectedMove(method: .volatility, amount: spot * volatility / 100 * greeks.years.squareRoot())
        }
    }
}

/// A call and a put of one strike, held together.
public struct Straddle: Hashable, Sendable {
    /// The strike of both.
    public let strike: Strike
    /// The last price of the call.
    public let call: Double
    /// The last price of the put.
    public let put: Double

    /// What both cost.
    public var price: Double { call + put }
}

extension OpenInterestSnapshot {
    /// The call and the put of the listed strike nearest to the spot.
    ///
    /// Unknown without a spot, or where one side has no price of today.
    public var straddle: ComputedValue<Straddle> {
        guard let strike = atTheMoney, let row = strikes.first(where: { $0.strike == strike }) else {
            return .unknown(reason: spot == nil ? "the spot is not known" : "there are no strikes")
        }
        guard let call = row.fitPrice(of: .call) else { return unpriced(row, .call) }
        guard let put = row.fitPrice(of: .put) else { return unpriced(row, .put) }
        return .known(Straddle(strike: strike, call: call, put: put))
    }

    private func unpriced(_ row: OptionStrike, _ type: OptionType) -> ComputedValue<Straddle> {
        .unknown(reason: "\(row.words(of: type)), at the money,\(row.unfitness(of: type))")
    }
}
