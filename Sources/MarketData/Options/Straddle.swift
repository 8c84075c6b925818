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
    public var straddle: Figure<Straddle> {
        guard let strike = atTheMoney, let row = strikes.first(where: { $0.strike == strike }) else {
            return .unknown(reason: spot == nil ? "the spot is not known" : "there are no strikes")
        }
        guard let call = row.fitPrice(of: .call) else { return unpriced(row, .call) }
        guard let put = row.fitPrice(of: .put) else { return unpriced(row, .put) }
        return .known(Straddle(strike: strike, call: call, put: put))
    }

    private func unpriced(_ row: OptionStrike, _ type: OptionType) -> Figure<Straddle> {
        .unknown(reason: "\(row.words(of: type)), at the money,\(row.unfitness(of: type))")
    }
}
