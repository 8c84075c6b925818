public import MarketData

/// What clients asked of one symbol and interval, and got.
public struct SeriesCount: Hashable, Sendable {
    /// The symbol as it was asked for.
    public let symbol: String
    /// The interval.
    public let interval: Interval
    /// How often bars were asked for: `create_series`, `modify_series` and `request_more_data`.
    public internal(set) var requests = 0
    /// How many bars those requests named.
    public internal(set) var barsAsked = 0
    /// How many bars answered them.
    public internal(set) var barsSent = 0
    /// How many bars came unasked afterwards, as the series went on.
    public internal(set) var barsPushed = 0
}
