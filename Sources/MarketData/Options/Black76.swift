import Foundation

/// An option on a forward at a volatility, by the model of Fischer Black, "The pricing of commodity contracts", Journal
/// of Financial Economics 3 (1976).
///
/// d1 = (ln(F/K) + s^2 T/2) / (s sqrt T), d2 = d1 - s sqrt T, D = e^(-rT).
public struct Black76: Hashable, Sendable {
    /// The price of the forward that ends with the option, F.
    public let forward: Double
    /// The strike price, K.
    public let strike: Double
    /// Years to expiry, T.
    public let years: Double
    /// The interest rate, r: continuous, a year, 0.07 for 7 %.
    public let rate: Double
    /// The volatility, s: a year, 0.156 for 15.6 %.
    public let volatility: Double

    let discount: Double
    let rootOfYears: Double
    let d1: Double
    let d2: Double

    /// A model; `nil` unless forward, strike, time and volatility are above zero and all are finite.
    public init?(forward: Double, strike: Double, years: Double, rate: Double, volatility: Double) {
        guard forward > 0, strike > 0, years > 0, volatility > 0, rate.isFinite, forward.isFinite, strike.isFinite,
            years.isFinite, volatility.isFinite
        else { return nil }
        self.forward = forward
        self.strike = strike
        self.years = years
        self.rate = rate
        self.volatility = volatility
        discount = exp(-rate * years)
        rootOfYears = years.squareRoot()
        let deviation = volatility * rootOfYears
        d1 = (log(forward / strike) + deviation * deviation / 2) / deviation
        d2 = d1 - deviation
    }
}

extension Black76 {
    /// The premium, in the currency of the forward. Call: D (F N(d1) - K N(d2)); put: D (K N(-d2) - F N(-d1)).
    public func price(_ type: OptionType) -> Double {
        let sign = type.sign
        let held = forward * NormalDistribution.cumulative(sign * d1)
        let paid = strike * NormalDistribution.cumulative(sign * d2)
        return max(0, discount * sign * (held - paid))
    }
}

extension Black76 {
    /// Change of the premium for a change of the forward by one. Call: D N(d1); put: -D N(-d1).
    public func delta(_ type: OptionType) -> Double {
        type.sign * discount * NormalDistribution.cumulative(type.sign * d1)
    }
}

extension Black76 {
    /// Change of delta for a change of the forward by one, of the call and of the put: D n(d1) / (F s sqrt T).
    public var gamma: Double {
        discount * NormalDistribution.density(d1) / (forward * volatility * rootOfYears)
    }
}

extension Black76 {
    /// Change of the premium for one point of volatility (one percent a year), of the call and of the put:
    /// D F n(d1) sqrt T / 100.
    public var vega: Double { vegaOfOne / 100 }

    /// The same for a volatility higher by 1, the derivative itself.
    var vegaOfOne: Double { discount * forward * NormalDistribution.density(d1) * rootOfYears }
}

extension Black76 {
    /// Change of the premium in one of 365 days: (r price - D F n(d1) s / (2 sqrt T)) / 365.
    public func theta(_ type: OptionType) -> Double {
        let decay = discount * forward * NormalDistribution.density(d1) * volatility / (2 * rootOfYears)
        return (rate * price(type) - decay) / 365
    }
}

extension Black76 {
    /// Change of the premium for an interest rate higher by one percent, the forward unchanged: -T price / 100.
    public func rho(_ type: OptionType) -> Double { -years * price(type) / 100 }
}

/// The standard normal distribution.
enum NormalDistribution {
    /// n(x) = e^(-x^2/2) / sqrt(2 pi).
    static func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }

    /// N(x) = erfc(-x / sqrt 2) / 2, which keeps its precision far below zero, where 1 + erf does not.
    static func cumulative(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
}
