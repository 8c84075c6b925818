public import MarketData
public import MockMarket

extension UpstreamSimulator {
    /// Splits a share now: from the present session on it costs so much less, and its past, adjusted for splits, is told
    /// anew. Also `POST /simulator/split?symbol=NSE:TCS&ratio=2`.
    public func split(_ symbol: Symbol, ratio: Double) { simulation.split(symbol, ratio: ratio) }

    /// Lets the open series and quotes of a symbol stand still while all others go on; what is opened later moves. Also
    /// `POST /simulator/freeze?symbol=NSE:TCS`.
    public func freeze(_ symbol: Symbol) { simulation.frozen.freeze("\(symbol)") }

    /// Lets them move again. Also `POST /simulator/thaw?symbol=NSE:TCS`.
    public func thaw(_ symbol: Symbol) { simulation.frozen.thaw("\(symbol)") }

    /// The market that the figures come from: the truth for tests.
    public var market: MockMarket { simulation.market.market }
}
