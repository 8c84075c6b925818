public import MarketData
import TradingViewProtocol

extension TradingViewClient {
    /// The intervals that TradingView keeps for every plan; others are paid for there, or built from these.
    public static let intervals: [Interval] = [
        "1", "3", "5", "15", "30", "45", "60", "120", "180", "240", "1D", "1W", "1M",
    ]
    .compactMap { Resolution(code: $0).interval }
}
