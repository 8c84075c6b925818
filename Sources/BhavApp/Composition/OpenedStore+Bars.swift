import Logging
import MarketHistory
import MarketHub
import MarketStore
import TradingView

extension OpenedStore {
    /// Where bars are kept and answered from.
    func barMemory(_ configuration: AppConfiguration, logger: Logger) -> BarMemory {
        BarMemory(
            store: store, calendars: configuration.calendars, intervals: TradingViewClient.intervals,
            isReadOnly: isReadOnly, logger: logger)
    }
}
