import MarketData
import TradingViewProtocol

/// A question for past bars, from being asked to being answered.
struct PendingHistory {
    var fetch: HistoryFetch
    let answer: Promise<BarSeries>
    var session: SessionID?
}
