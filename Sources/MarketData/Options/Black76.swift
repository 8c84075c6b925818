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
