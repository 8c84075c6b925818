/// The right to buy, or the right to sell.
public enum OptionType: String, CaseIterable, Sendable {
    case call, put

    /// 1 for a call, -1 for a put: the sign of what it pays as prices rise.
    var sign: Double { self == .call ? 1 : -1 }
}

extension OptionStrike {
    /// What is known of the call or the put.
    public subscript(type: OptionType) -> OptionFigures? { type == .call ? call : put }
}
