/// The right to buy, or the right to sell.
public enum OptionType: String, CaseIterable, Sendable {
    case call, put

    /// 1 for a call, -1 for a put: the sign of what it pays as prices rise.
    var sign: Double { self == .call ? 1 : -1 }
}

extension OptionStrike {
    /// What is known of the call or the put.
    public subscript(type: OptionType) -> OptionFigures? { type == .call ? call : put }

    /// The last price of the call or the put; `nil` where it has none, for which some sources write 0.
    func price(of type: OptionType) -> Double? {
        guard let last = self[type]?.last, last.isFinite, last > 0 else { return nil }
        return last
    }
}
