/// Implied volatilities and greeks of every strike of one expiry at one moment, and what they were computed by.
public struct ChainGreeks: Hashable, Sendable {
    /// The model, in words.
    public static let model = "Black-76 on the implied forward"

    /// The forward that the options are priced on.
    public let forward: ImpliedForward
    /// Years to expiry.
    public let years: Double
    /// The interest rate: continuous, a year, 0.07 for 7 %.
    public let rate: Double
    /// Ascending by strike.
    public let strikes: [StrikeGreeks]

    /// The strike nearest to the forward, the lower one of two as near; `nil` without strikes.
    public var atTheMoney: StrikeGreeks? { nearest(to: forward.price) }

    /// The strike nearest to a price, the lower one of two as near; `nil` without strikes.
    func nearest(to price: Double) -> StrikeGreeks? {
        strikes.min { abs($0.strike.price - price) < abs($1.strike.price - price) }
    }
}
