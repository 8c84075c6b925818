import Foundation

/// The search for the volatility of an option out of the money by its time value.
struct VolatilitySearch {
    private static let mostSteps = 100
    private static let precision = 1e-13

    let timeValue: Double
    let type: OptionType
    let forward: Double
    let strike: Double
    let years: Double
    let rate: Double

    /// The volatility; `nil` where none up to `ImpliedVolatility.highest` gives the time value.
    func root() -> Double? {
        guard let (low, high) = bracket() else { return nil }
        var (below, above) = (low, high)
        var guess = min(max(inflection, below), above)
        for _ in 0..<VolatilitySearch.mostSteps {
            guard let model = model(guess) else { return nil }
            let miss = model.price(type) - timeValue
            if miss > 0 { above = guess } else { below = guess }
            let slope = model.vegaOfOne
            var next = guess - miss / slope
            if !(below...above).contains(next) { next = (below + above) / 2 }
            if abs(next - guess) <= VolatilitySearch.precision * guess { return next }
            guess = next
        }
        return guess
    }

    /// Volatilities between which the root lies: the upper one doubled until its price is high enough.
    private func bracket() -> (low: Double, high: Double)? {
        var (low, high) = (0.0, 0.5)
        while let model = model(high), model.price(type) < timeValue {
            guard high < ImpliedVolatility.highest else { return nil }
            (low, high) = (high, min(2 * high, ImpliedVolatility.highest))
        }
        return (low, high)
    }

    /// Where the price bends from convex to concave in the volatility; at the money, the first guess of M. Brenner and
    /// M. Subrahmanyam, "A simple formula to compute the implied standard deviation" (1988).
    private var inflection: Double {
        let distance = (2 * abs(log(forward / strike)) / years).squareRoot()
        let near = (2 * Double.pi / years).squareRoot() * timeValue / (forward * exp(-rate * years))
        return max(distance, near, 1e-9)
    }

    private func model(_ volatility: Double) -> Black76? {
        Black76(forward: forward, strike: strike, years: years, rate: rate, volatility: volatility)
    }
}
