import MarketData
public import MarketHistory
import MarketHub
public import MarketStore
import MockMarket

extension AppConfiguration {
    /// Opens the store in the data folder: the market's, or the mock market's own.
    /// - Throws: `StoreError`.
    public func openStore(for access: SQLiteMarketStore.Access) throws(StoreError) -> SQLiteMarketStore {
        try SQLiteMarketStore.open(folder: dataFolder, contents: storeContents, access: access)
    }

    /// Whether the store holds the market or an invented one.
    public var storeContents: StoreContents { useMockData ? .simulated : .market }

    /// By which calendars completeness is judged.
    public var calendars: SeriesCalendars {
        guard useMockData else { return .exchanges }
        return .everywhere(mockHours == .always ? .continuous() : .nse)
    }
}

extension Market {
    /// What fetches into a store that which it lacks, from this market's sources.
    public func backfill(into store: any BarStore & InstrumentStore, pace: Backfill.Pace) -> Backfill {
        Backfill(store: store, source: hub, calendars: configuration.calendars, pace: pace, clock: clock)
    }
}
