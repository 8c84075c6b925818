/// What Trendlyne knows an underlying by.
public struct TrendlyneStock: Codable, Hashable, Sendable {
    /// The number.
    public let id: Int
    /// The exchange's ticker, as the source spells it.
    public let code: String

    /// An underlying by its number and code.
    public init(id: Int, code: String) {
        self.id = id
        self.code = code
    }
}
