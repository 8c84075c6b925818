import MarketData
import TradingViewProtocol

/// A reader of live bars and the series that feeds it.
struct LiveBarsReader {
    var series: LiveSeries
    let source: FeedSource<BarEvent>
    /// Done when the first connection stands, failed when it cannot be made.
    let opened: Promise<Void>
    var session: SessionID?
}
