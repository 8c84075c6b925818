public import Logging
public import MarketData
public import MarketStore
import Synchronization

/// What bars are kept in, and by which rules: the store behind `StoredHistory`.
public struct BarCache: Sendable {
    let store: any BarStore & InstrumentStore
    let calendars: SeriesCalendars
    let intervals: [Interval]
    let isReadOnly: Bool
    let logger: Logger

    /// A cache over a store.
    /// - Parameters:
    ///   - store: Where bars are kept.
    ///   - calendars: Which bars must exist.
    ///   - intervals: Those that the sources keep themselves; others are built from these.
    ///   - isReadOnly: Whether nothing may be added, as beside another writer.
    ///   - logger: Logs failures and repairs of the store.
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

/// What sources reported of instruments, in memory and, to survive a restart, in the store.
final class InstrumentCache: Sendable {
    private static let most = 20_000

    private let cache: BarCache
    private let known = Mutex<[Symbol: Instrument]>([:])

    init(_ cache: BarCache) { self.cache = cache }

    /// What is known of an instrument.
    /// - Throws: `StoreError`.
    func instrument(of symbol: Symbol) async throws(StoreError) -> Instrument? {
        if let instrument = known.withLock({ $0[symbol] }) { return instrument }
        guard let stored = try await cache.store.instrument(of: symbol) else { return nil }
        remember(stored)
        return stored
    }

    /// A source reported an instrument.
    /// - Throws: `StoreError`.
    func learn(_ instrument: Instrument?) async throws(StoreError) {
        guard let instrument, try await self.instrument(of: instrument.symbol) != instrument else { return }
        remember(instrument)
        if !cache.isReadOnly { try await cache.store.keep(instrument) }
    }

    private func remember(_ instrument: Instrument) {
        known.withLock { known in
            if known.count >= InstrumentCache.most { known.removeAll() }
            known[instrument.symbol] = instrument
        }
    }
}
