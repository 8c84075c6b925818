/// The implied volatility and the greeks of one option.
public struct OptionGreeks: Hashable, Sendable {
    /// In percent a year.
    public let impliedVolatility: Double
    /// Change of the premium for a change of the forward by one.
    public let delta: Double
    /// Change of delta for a change of the forward by one.
    public let gamma: Double
    /// Change of the premium for one point of volatility.
    public let vega: Double
    /// Change of the premium in one of 365 days.
    public let theta: Double
    /// Change of the premium for an interest rate higher by one percent.
    public let rho: Double

    /// The greeks of an option by a model.
    public init(_ model: Black76, of type: OptionType) {
        impliedVolatility = model.volatility * 100
        delta = model.delta(type)
        gamma = model.gamma
        vega = model.vega
        theta = model.theta(type)
        rho = model.rho(type)
    }
}
