import Foundation

/// The volatility at which Black-76 gives an option's price.
public enum ImpliedVolatility {
    /// Closer to expiry than one minute, a price says nothing about volatility.
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
    /// Unknown where the price is not above intrinsic value by more than `roundingNoise`, or not below the bound (D F
    /// of a call, D K of a put), and within `shortestYears` of expiry.
    public static func of(
        price: Double, type: OptionType, forward: Double, strike: Double, years: Double, rate: Double
    ) -> ComputedValue<Double> {
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

    /// The difference that rounding alone leaves between a price and an intrinsic value: forward and strike are far
    /// larger than their difference, so its error is some units in the last place of theirs.
    static func roundingNoise(_ forward: Double, _ strike: Double) -> Double { 16 * max(forward, strike).ulp }

    private static func rounded(_ price: Double) -> String { ((price * 100).rounded() / 100).shortest }
}

/// The volatilities that an option's quotes imply, in percent a year, on the forward of the chain.
///
/// They say what a last price cannot: how wide the market is, and where it is now.
public struct QuotedVolatility: Hashable, Sendable {
    /// Of the best bid price.
    public let bid: ComputedValue<Double>
    /// The volatility of the best ask price.
    public let ask: ComputedValue<Double>
    /// Of the price halfway between them.
    public let mid: ComputedValue<Double>

    /// The volatilities of an option's quotes; `nil` if the source sends none.
    init?(_ option: OptionData, _ volatility: (Double) -> ComputedValue<Double>) {
        guard option.bid != nil || option.ask != nil else { return nil }
        bid = option.bid.map(volatility) ?? .unknown(reason: "nothing is bid")
        ask = option.ask.map(volatility) ?? .unknown(reason: "nothing is offered")
        mid = option.mid.map(volatility) ?? .unknown(reason: "there are not both a bid and an offer above it")
    }
}

extension OptionData {
    /// The price halfway between the best bid and the best offer; `nil` without both, or where they cross.
    public var mid: Double? {
        guard let bid, let ask, bid > 0, ask >= bid else { return nil }
        return (bid + ask) / 2
    }
}

extension Provenance.Source {
    /// The model by which a source computes the implied volatilities that it gives, as found by refitting recorded
    /// responses; `nil` if a source sends none. Volatilities of two models are not comparable.
    public var volatilityModel: String? {
        switch self {
        case .nse: "NSE's: Black-Scholes on the spot at a rate of 10 %, calendar days to 15:30 over 365"
        case .trendlyne: "Trendlyne's: Black-Scholes on the spot at a rate of 7 %, calendar days over 365"
        case .mock: "the mock market's: the volatility that made the premium (SIMULATED)"
        case .tradingview, .store: nil
        }
    }
}

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

    /// The volatility; `nil` if none up to `ImpliedVolatility.highest` gives the time value.
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
