import Logging
import MarketData
import MarketHistory
import MarketStore
import TestSupport

extension BarMemory {
    /// A memory whose series are judged by the exchanges' calendars, and that says nothing.
    static func over(
        _ store: any BarStore & InstrumentStore, calendars: SeriesCalendars = .exchanges, isReadOnly: Bool = false
    ) -> BarMemory {
        BarMemory(
            store: store, calendars: calendars,
            intervals: ["1m", "5m", "15m", "1h", "1d"].compactMap { try? Interval($0) }, isReadOnly: isReadOnly,
            logger: .quiet)
    }
}
