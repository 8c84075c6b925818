public import Logging
public import MarketData
public import MarketStore

/// What bars are kept in, and by which rules: the store behind `StoredHistory`.
public struct BarMemory: Sendable {
    let store: any BarStore & InstrumentStore
    let calendars: SeriesCalendars
    let intervals: [Interval]
    let isReadOnly: Bool
    let logger: Logger

    /// A memory over a store.
    /// - Parameters:
    ///   - store: Where bars are kept.
    ///   - calendars: Which bars must exist.
    ///   - intervals: Those that the sources keep themselves; others are built from these.
    ///   - isReadOnly: Whether nothing may be added, as beside another writer.
    ///   - logger: Where failures of the store and what it repairs are noted.
    public init(
        store: any BarStore & InstrumentStore, calendars: SeriesCalendars, intervals: [Interval],
        isReadOnly: Bool = false, logger: Logger
    ) {
        self.store = store
        self.calendars = calendars
        self.intervals = intervals
        self.isReadOnly = isReadOnly
        self.logger = logger
    }
}
