/// The greeks of a strike's call and put.
public struct StrikeGreeks: Hashable, Sendable {
    /// The strike.
    public let strike: Strike
    /// Of the call.
    public let call: Figure<OptionGreeks>
    /// Of the put.
    public let put: Figure<OptionGreeks>

    /// Of one of them.
    public subscript(type: OptionType) -> Figure<OptionGreeks> { type == .call ? call : put }
}
