/// How much dearer puts are than calls as far from the money, in points of volatility.
public struct VolatilitySkew: Hashable, Sendable {
    /// Which put and which call are compared.
    public enum Method: String, CaseIterable, Sendable {
        /// Those whose delta is a quarter, between the strikes on either side of it.
        case quarterDelta = "25_delta"
        /// Those 5 % below and above the forward, between the strikes on either side of it.
        case fivePercent = "5_percent"
    }

    /// How it was taken.
    public let method: Method
    /// Of the put, in percent a year.
    public let put: Double
    /// Of the call, in percent a year.
    public let call: Double

    /// The put's implied volatility less the call's.
    public var value: Double { put - call }
}
