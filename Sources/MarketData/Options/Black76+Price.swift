extension Black76 {
    /// The premium, in the currency of the forward. Call: D (F N(d1) - K N(d2)); put: D (K N(-d2) - F N(-d1)).
    public func price(_ type: OptionType) -> Double {
        let sign = type.sign
        let held = forward * NormalDistribution.cumulative(sign * d1)
        let paid = strike * NormalDistribution.cumulative(sign * d2)
        return max(0, discount * sign * (held - paid))
    }
}
