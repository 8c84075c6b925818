/// What to look for among the instruments.
public struct SymbolQuery: Hashable, Sendable {
    /// Part of a ticker or a name.
    public var text: String
    /// The kind wanted, such as `index`, `stock` or `futures`; `nil` for any.
    public var type: String?
    /// The exchange wanted, such as `NSE`; `nil` for any.
    public var exchange: String?
    /// How many at the most.
    public var limit: Int

    /// A query; of any type and exchange, 50 at the most, unless said otherwise.
    public init(text: String, type: String? = nil, exchange: String? = nil, limit: Int = 50) {
        self.text = text
        self.type = type
        self.exchange = exchange
        self.limit = limit
    }
}
