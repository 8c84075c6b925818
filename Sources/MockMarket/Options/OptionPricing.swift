/// Premiums by Bachelier's model at zero interest: the price of the underlying ends normally distributed, which needs
/// no logarithm. Calls and puts of a strike differ by spot less strike, to the tick.
struct OptionPricing {
    private static let secondsInYear = 31_536_000.0

    let spot: Double
    /// At the money, a year, as a fraction of the spot.
    let volatility: Double
    /// The root of the years to expiry; at least that of a minute.
    private let rootOfYears: Double

    init(spot: Double, volatility: Double, secondsToExpiry: Int64) {
        self.spot = spot
        self.volatility = volatility
        rootOfYears = (Double(max(60, secondsToExpiry)) / OptionPricing.secondsInYear).squareRoot()
    }

    /// The volatility of a strike: a smile, steeper below the spot.
    func volatility(at strike: Double) -> Double {
        let away = (strike - spot) / spot * 10
        let smile = 0.35 * away * away / (1 + away * away)
        let skew = 0.15 * away / (1 + abs(away))
        return volatility * (1 + smile - skew)
    }

    /// The premiums of a strike, in ticks of 0.05, at least one.
    func premiums(at strike: Double) -> (call: Int64, put: Int64) {
        let deviation = spot * volatility(at: strike) * rootOfYears
        let moneyness = (spot - strike) / deviation
        let time = deviation * NormalDistribution.density(moneyness)
        let call = (spot - strike) * NormalDistribution.cumulative(moneyness) + time
        return (Prices.ticks(call), Prices.ticks(call - (spot - strike)))
    }
}
