import MarketData

/// The options of one expiry at one moment.
struct OptionChain {
    /// Strikes on each side of the one nearest to the price the day began with.
    static let reach = 50

    let today: OpenContracts
    let yesterday: OpenContracts
    let step: SnapshotSteps.Step
    let lot: Int
    let pricing: OptionPricing
    let pricingAtPreviousClose: OptionPricing

    var strikes: [OptionStrike] {
        let center = Int((today.reference / today.step).rounded())
        return (max(1, center - OptionChain.reach)...(center + OptionChain.reach)).compactMap(strike)
    }

    /// The call and the put of the strike a number of steps above zero.
    func strike(_ number: Int) -> OptionStrike? {
        let price = Double(number) * today.step
        guard let strike = Strike(price) else { return nil }
        let premiums = pricing.premiums(at: price)
        let previous = pricingAtPreviousClose.premiums(at: price)
        let volatility = (pricing.volatility(at: price) * 10_000).rounded() / 100
        return OptionStrike(
            strike: strike,
            call: data(number, .call, premium: premiums.call, previousClose: previous.call, volatility: volatility),
            put: data(number, .put, premium: premiums.put, previousClose: previous.put, volatility: volatility)
        )
    }

    private func data(
        _ number: Int, _ side: OpenContracts.Side, premium: Int64, previousClose: Int64, volatility: Double
    ) -> OptionData {
        let (before, atClose) = (yesterday.atClose(number, side), today.atClose(number, side))
        let noise = today.noise(number, side)
        let passed = step.fraction
        let wobble = Double(noise.bell(step.number)) / 131_070 * 0.04 * atClose * passed * (1 - passed)
        let open = max(0, (before + (atClose - before) * passed + wobble).rounded())
        let shares = Double(lot)
        return OptionData(
            openInterest: open * shares, change: (open - before) * shares, previous: before * shares,
            last: Prices.price(premium), volume: volume(atClose, noise) * shares, impliedVolatility: volatility,
            priceChange: Prices.price(premium - previousClose)
        )
    }

    /// Contracts traded since the day began; never fewer than three minutes earlier.
    private func volume(_ atClose: Double, _ noise: SeededNoise) -> Double {
        guard step.number > 0 else { return 0 }
        let whole = atClose * (3 + 9 * noise.fraction(-1))
        let passed = (Double(step.number - 1) + noise.fraction(100_000 + step.number)) / Double(step.count)
        return (whole * passed).rounded(.down)
    }
}
