/// What is traded and where: `EXCHANGE:TICKER`, upper case, such as `NSE:NIFTY` or `NASDAQ:AAPL`.
public struct Symbol: Hashable, Sendable {
    /// The part before the colon, such as `NSE`.
    public let exchange: String
    /// The part after the colon, such as `NIFTY` or `NIFTY1!`.
    public let ticker: String

    /// Puts together parts that are known to be well formed.
    public init(exchange: String, ticker: String) {
        self.exchange = exchange
        self.ticker = ticker
    }
}

extension Symbol: CustomStringConvertible {
    /// `EXCHANGE:TICKER`.
    public var description: String { "\(exchange):\(ticker)" }
}

extension Symbol: Comparable {
    /// By exchange, then by ticker.
    public static func < (left: Symbol, right: Symbol) -> Bool {
        (left.exchange, left.ticker) < (right.exchange, right.ticker)
    }
}
