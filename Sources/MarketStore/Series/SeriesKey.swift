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
    /// Whether a continuous future's rolls are levelled out.
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

    /// The series that a request asks for.
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
