extension Black76 {
    /// Change of the premium for one point of volatility (one percent a year), of the call and of the put:
    /// D F n(d1) sqrt T / 100.
    public var vega: Double { vegaOfOne / 100 }

    /// The same for a volatility higher by 1, the derivative itself.
    var vegaOfOne: Double { discount * forward * NormalDistribution.density(d1) * rootOfYears }
}
