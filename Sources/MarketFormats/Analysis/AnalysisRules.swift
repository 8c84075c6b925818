import JSON
import MarketData

/// The rules by which values are computed, as the responses state them.
enum AnalysisRules {
    /// The rules of values computed from open interest alone.
    static let openInterest: [(name: StaticString, words: String)] = [
        (
            "putCallRatios",
            "puts over calls, summed over the strikes of this response alone; null where a sum is zero "
                + "below the line or negative"
        ),
        ("change", "against the previous session's close"),
        ("netChange", "the puts' change less the calls'"),
        (
            "maxPain",
            "the strike of this response at which all options together would pay out least; the lowest on a tie"
        ),
        ("atTheMoney", "the strike nearest to the spot; the lower on a tie"),
        ("straddle", "last prices of the call and the put at the money"),
        (
            "resistance",
            "strikes at or above the spot by the calls' open interest, the three largest; on a tie, "
                + "nearer to the spot first"
        ),
        (
            "support",
            "strikes at or below the spot by the puts' open interest, the three largest; on a tie, nearer "
                + "to the spot first"
        ),
        (
            "buildUp",
            "an option's own price and open interest since the previous session's close; where either did not "
                + "change it is neutral"
        ),
    ]

    /// The rules of values computed from prices.
    static let prices: [(name: StaticString, words: String)] = [
        (
            "forward",
            "the median of K + e^(rT) (call - put) over three to five strikes nearest to the spot whose call "
                + "and put both traded today"
        ),
        (
            "timeToExpiry",
            "years of 365 days from asOf to the close of derivatives trading on the expiry day, "
                + "expiresAt, by the hours of that day: at NSE 15:30, and 15:40 from 2026-08-03"
        ),
        ("rate", "continuous, a year; 0.07 is 7 %"),
        (
            "greeks",
            "impliedVolatility in percent a year; delta and gamma for one of the forward; vega for one point of "
                + "volatility; theta for one of 365 days; rho for one percent of interest; theta and rho hold the "
                + "forward as it is"
        ),
        (
            "quotedVolatility",
            "impliedVolatility of the best bid, the best offer and the price halfway, where the source sends quotes"
        ),
        (
            "impliedRate",
            "the slope of call - put over the strikes within 10 % of the forward (put-call parity), by quotes where there "
                + "are any; the values above use rate"
        ),
        (
            "expectedMove",
            "by straddle: its price; by volatility: spot x volatility at the money x root of time, one "
                + "standard deviation"
        ),
        (
            "atTheMoneyVolatility",
            "the mean of call and put at atTheMoneyVolatilityStrike, the strike nearest to the forward, percent a year"
        ),
        ("skew", "the put's implied volatility less the call's, in points, each between the two strikes around it"),
        (
            "gammaExposure",
            "gamma x open interest in shares x forward squared x 0.01 of every call, less that of every "
                + "put: currency for a move of one percent; gross is the sum without signs"
        ),
        (
            "gammaFlip",
            "the price of the forward, within 10 % of today's, at which gamma exposure changes its sign if "
                + "every volatility stays as it is; none where net exposure is below 1e-10 of gross"
        ),
    ]

    /// Writes rules as an object.
    static func write(_ rules: [(name: StaticString, words: String)], to json: inout JSONWriter) {
        json.beginObject()
        for rule in rules {
            json.key(rule.name)
            json.string(rule.words)
        }
        json.endObject()
    }
}
