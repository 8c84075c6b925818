import MarketData

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

/// The normal distribution out of sums, products and quotients alone; libm differs from one machine to another.
enum NormalDistribution {
    private static let rootOfTwoPi = 2.506_628_274_631_000_5
    /// Beyond this the distribution is 0 or 1 to a double's precision in money.
    private static let farthest = 7.0

    static func density(_ x: Double) -> Double {
        abs(x) > 2 * farthest ? 0 : Exponential.of(-x * x / 2) / rootOfTwoPi
    }

    /// 1/2 + n(x) (x + x^3/3 + x^5/(3*5) + ...) (Marsaglia, "Evaluating the Normal Distribution", 2004).
    static func cumulative(_ x: Double) -> Double {
        if x < -farthest { return 0 }
        if x > farthest { return 1 }
        var (sum, term, odd) = (x, x, 1.0)
        while abs(term) > 1e-18 {
            odd += 2
            term *= x * x / odd
            sum += term
        }
        return 0.5 + sum * density(x)
    }
}

/// The open contracts at the busiest strike on the day of expiry.
enum OptionDepth {
    static func contracts(of symbol: Symbol) -> Double {
        switch symbol.ticker {
        case "NIFTY": 110_000
        case "SENSEX": 70_000
        case "BANKNIFTY": 45_000
        case "MIDCPNIFTY": 22_000
        case "FINNIFTY": 9_000
        default: 6_000
        }
    }
}
