extension Black76 {
    /// Change of delta for a change of the forward by one, of the call and of the put: D n(d1) / (F s sqrt T).
    public var gamma: Double {
        discount * NormalDistribution.density(d1) / (forward * volatility * rootOfYears)
    }
}
