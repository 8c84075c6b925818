/// The greeks of a strike's call and put.
public struct StrikeGreeks: Hashable, Sendable {
    /// The strike.
    public let strike: Strike
    /// Of the call.
    public let call: Figure<OptionGreeks>
    /// Of the put.
    public let put: Figure<OptionGreeks>

    /// The volatilities that the call's quotes imply; `nil` where the source sends no quotes.
    public var callQuotes: QuotedVolatility?
    /// The volatilities that the put's quotes imply; `nil` where the source sends no quotes.
    public var putQuotes: QuotedVolatility?

    /// The volatilities that the quotes of one of them imply.
    public func quotes(of type: OptionType) -> QuotedVolatility? { type == .call ? callQuotes : putQuotes }

    /// Of one of them.
    public subscript(type: OptionType) -> Figure<OptionGreeks> { type == .call ? call : put }
}
