import Foundation

/// The volatility at which Black-76 gives an option's price.
public enum ImpliedVolatility {
    /// Closer to expiry than one minute, a price tells nothing of volatility.
    public static let shortestYears = 60.0 / (365 * 86_400)
    /// No option is taken to imply more than 10,000 % a year.
    public static let highest = 100.0

    /// The root of price(s) = price, a year, 0.156 for 15.6 %.
    ///
    /// The option is first turned into the one of its pair that is out of the money (put-call parity), whose premium is
    /// all time value. Newton's steps start from the inflection s^2 = 2 |ln(F/K)| / T (S. Manaster, G. Koehler, "The
    /// calculation of implied variances from the Black-Scholes model", Journal of Finance 37, 1982) and stay within a
    /// bracket, which is halved where a step would leave it.
    ///
    /// Unknown where the price is not above intrinsic value by more than `roundingNoise`, or not below the bound (D F of a
    /// call, D K of a put), and within `shortestYears` of expiry.
    public static func of(
        price: Double, type: OptionType, forward: Double, strike: Double, years: Double, rate: Double
    ) -> Figure<Double> {
        guard price.isFinite, forward.isFinite, strike.isFinite, rate.isFinite, forward > 0, strike > 0, price >= 0
        else { return .unknown(reason: "a price, forward or strike that is not a positive number implies nothing") }
        guard years.isFinite, years >= shortestYears else {
            return .unknown(reason: "there is less than a minute to expiry")
        }
        let discount = exp(-rate * years)
        let intrinsic = max(0, discount * type.sign * (forward - strike))
        let bound = discount * (type == .call ? forward : strike)
        let noise = roundingNoise(forward, strike)
        guard price >= intrinsic - noise else {
            return .unknown(reason: "the price \(price.shortest) is below the intrinsic value \(rounded(intrinsic))")
        }
        let timeValue = price - intrinsic
        guard timeValue > noise || intrinsic == 0 && timeValue > 0 else {
            return .unknown(
                reason: "the price \(price.shortest) is intrinsic value alone, which any low volatility gives")
        }
        guard price < bound else {
            return .unknown(reason: "the price \(price.shortest) is not below its bound \(rounded(bound))")
        }
        let search = VolatilitySearch(
            timeValue: timeValue, type: strike >= forward ? .call : .put, forward: forward, strike: strike,
            years: years, rate: rate
        )
        guard let volatility = search.root() else {
            return .unknown(reason: "no volatility up to \(Int(highest * 100)) % gives the price \(price.shortest)")
        }
        return .known(volatility)
    }

    /// The difference that rounding alone leaves between a price and an intrinsic value: forward and strike are far larger
    /// than their difference, so its error is some units in the last place of theirs.
    static func roundingNoise(_ forward: Double, _ strike: Double) -> Double { 16 * max(forward, strike).ulp }

    private static func rounded(_ price: Double) -> String { ((price * 100).rounded() / 100).shortest }
}
