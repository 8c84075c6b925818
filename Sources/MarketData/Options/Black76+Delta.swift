extension Black76 {
    /// Change of the premium for a change of the forward by one. Call: D N(d1); put: -D N(-d1).
    public func delta(_ type: OptionType) -> Double {
        type.sign * discount * NormalDistribution.cumulative(type.sign * d1)
    }
}
