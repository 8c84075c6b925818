extension Black76 {
    /// Change of the premium for an interest rate higher by one percent, the forward unchanged: -T price / 100.
    public func rho(_ type: OptionType) -> Double { -years * price(type) / 100 }
}
