public import Logging
import MarketData
public import MarketHistory
import MarketHub
public import MarketStore
import MockMarket
import TradingView

/// The store of a run, opened for writing where that can be, else beside another writer.
public struct OpenedStore: Sendable {
    /// The store.
    public let store: SQLiteMarketStore
    /// Whether another process writes, so that nothing can be added.
    public let isReadOnly: Bool

    /// A store that is open.
    public init(_ store: SQLiteMarketStore, isReadOnly: Bool = false) {
        self.store = store
        self.isReadOnly = isReadOnly
    }

    /// Opens the store that a configuration names, for work that goes on without one: for writing, for reading beside
    /// another writer, or not at all, which is logged.
    public static func forServing(_ configuration: AppConfiguration, logger: Logger) -> OpenedStore? {
        do {
            return OpenedStore(try configuration.openStore(for: .writing))
        } catch {
            guard let store = try? configuration.openStore(for: .reading) else {
                logger.warning(
                    "no store; nothing is stored",
                    metadata: ["folder": "\(configuration.dataFolder)", "why": "\(error.message)"])
                return nil
            }
            logger.info(
                "store opened read-only because another process writes to it", metadata: ["why": "\(error.message)"])
            return OpenedStore(store, isReadOnly: true)
        }
    }

    /// Where open interest is stored and past snapshots are read.
    public func openInterestCache(logger: Logger) -> OpenInterestCache {
        OpenInterestCache(store: store, isReadOnly: isReadOnly, logger: logger)
    }
}

extension OpenedStore {
    /// Where bars are stored and read.
    func barCache(_ configuration: AppConfiguration, logger: Logger) -> BarCache {
        BarCache(
            store: store, calendars: configuration.calendars, intervals: TradingViewClient.intervals,
            isReadOnly: isReadOnly, logger: logger)
    }
}

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
    /// Returns a backfill that fetches missing bars from this market's sources.
    public func backfill(into store: any BarStore & InstrumentStore, limits: Backfill.RequestLimits) -> Backfill {
        Backfill(store: store, source: hub, calendars: configuration.calendars, limits: limits, clock: clock)
    }
}

extension Market {
    /// Returns the service that removes old bars by the store's retention policy; `nil` for a read-only store.
    func retentionKeeper(logger: Logger) -> RetentionKeeper? {
        guard let store, !store.isReadOnly else { return nil }
        return RetentionKeeper(store: store.store, logger: logger, clock: clock)
    }
}
