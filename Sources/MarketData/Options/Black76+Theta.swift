extension Black76 {
    /// Change of the premium in one of 365 days: (r price - D F n(d1) s / (2 sqrt T)) / 365.
    public func theta(_ type: OptionType) -> Double {
        let decay = discount * forward * NormalDistribution.density(d1) * volatility / (2 * rootOfYears)
        return (rate * price(type) - decay) / 365
    }
}
