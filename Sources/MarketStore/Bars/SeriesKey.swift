public import MarketData

/// Which series a bar belongs to: bars of different hours or adjustment never mix.
public struct SeriesKey: Hashable, Sendable {
    /// The instrument.
    public let symbol: Symbol
    /// The length of a bar.
    public let interval: Interval
    /// Which part of the exchange's day.
    public let hours: TradingHours
    /// What past prices are adjusted for.
    public let adjustment: Adjustment
    /// Whether the prices of a continuous future are adjusted for rolls (back-adjusted).
    public let backAdjusted: Bool

    /// A key; regular hours, adjusted for splits, unless said otherwise.
    public init(
        symbol: Symbol,
        interval: Interval,
        hours: TradingHours = .regular,
        adjustment: Adjustment = .splits,
        backAdjusted: Bool = false
    ) {
        self.symbol = symbol
        self.interval = interval
        self.hours = hours
        self.adjustment = adjustment
        self.backAdjusted = backAdjusted
    }

    /// The series of a request.
    public init(_ request: BarRequest) {
        self.init(
            symbol: request.symbol, interval: request.interval, hours: request.hours, adjustment: request.adjustment,
            backAdjusted: request.backAdjusted
        )
    }
}

extension SeriesKey: CustomStringConvertible {
    /// Such as `NSE:NIFTY 5m regular splits`.
    public var description: String {
        "\(symbol) \(interval) \(hours.rawValue) \(adjustment.rawValue)" + (backAdjusted ? " back-adjusted" : "")
    }
}

/// What the store holds of one series, in numbers.
public struct SeriesSummary: Hashable, Sendable {
    /// The series.
    public let key: SeriesKey
    /// How many bars of the current generation, forming ones included.
    public let bars: Int
    /// How many bars of former generations are kept, with prices from before the whole series changed.
    public let formerBars: Int
    /// The opening of the oldest bar; `nil` where there is none.
    public let first: Timestamp?
    /// The opening of the newest bar; `nil` where there is none.
    public let last: Timestamp?
    /// How many former values of final bars are kept.
    public let revisions: Int

    /// A summary from its parts.
    public init(key: SeriesKey, bars: Int, formerBars: Int = 0, first: Timestamp?, last: Timestamp?, revisions: Int) {
        self.key = key
        self.bars = bars
        self.formerBars = formerBars
        self.first = first
        self.last = last
        self.revisions = revisions
    }
}
