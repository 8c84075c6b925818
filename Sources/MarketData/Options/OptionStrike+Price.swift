extension OptionStrike {
    /// The last price of the call or the put, fit to be reckoned with.
    ///
    /// Unknown where there is none, for which some sources write 0, and where nothing was traded today: such a price is
    /// of an earlier day and does not belong to the other prices of the chain.
    public func price(of type: OptionType) -> Figure<Double> {
        guard let price = fitPrice(of: type) else { return .unknown(reason: words(of: type) + unfitness(of: type)) }
        return .known(price)
    }

    /// The same, without words about what is missing.
    func fitPrice(of type: OptionType) -> Double? {
        guard let side = self[type], let last = side.last, last.isFinite, last > 0, side.volume != 0 else { return nil }
        return last
    }

    /// Why the price is not fit, to be put after the option's name.
    func unfitness(of type: OptionType) -> String {
        guard let last = self[type]?.last, last.isFinite, last > 0 else { return " has no last price" }
        return " was not traded today: its last price, \(last.shortest), is of an earlier day"
    }

    func words(of type: OptionType) -> String { "the \(type.rawValue) of \(strike)" }
}
