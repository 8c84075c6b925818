/// The volatilities that an option's quotes imply, in percent a year, on the forward of the chain.
///
/// They say what a last price cannot: how wide the market is, and where it is now.
public struct QuotedVolatility: Hashable, Sendable {
    /// Of the best price bid.
    public let bid: Figure<Double>
    /// Of the best price asked.
    public let ask: Figure<Double>
    /// Of the price halfway between them.
    public let mid: Figure<Double>

    /// The volatilities of an option's quotes; `nil` where the source sends none.
    init?(_ option: OptionFigures, _ volatility: (Double) -> Figure<Double>) {
        guard option.bid != nil || option.ask != nil else { return nil }
        bid = option.bid.map(volatility) ?? .unknown(reason: "nothing is bid")
        ask = option.ask.map(volatility) ?? .unknown(reason: "nothing is offered")
        mid = option.mid.map(volatility) ?? .unknown(reason: "there are not both a bid and an offer above it")
    }
}

extension OptionFigures {
    /// The price halfway between the best bid and the best offer; `nil` without both, or where they cross.
    public var mid: Double? {
        guard let bid, let ask, bid > 0, ask >= bid else { return nil }
        return (bid + ask) / 2
    }
}
