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

    /// Counts the changes of the store; `nil` where they cannot be counted.
    var changes: ChangeCounter? { isReadOnly ? nil : (store as? any ChangeCountingStore)?.changes }
}

/// What sources reported of instruments, in memory and, to survive a restart, in the store.
final class InstrumentCache: Sendable {
    private static let most = 20_000

    private let cache: BarCache
    private let known = Mutex<[Symbol: Instrument]>([:])
    /// Counts what was learned and forgotten.
    let changes = ChangeCounter()

    init(_ cache: BarCache) { self.cache = cache }

    /// What is known of an instrument.
    /// - Throws: `StoreError`.
    func instrument(of symbol: Symbol) async throws(StoreError) -> Instrument? {
        if let instrument = known.withLock({ $0[symbol] }) { return instrument }
        guard let stored = try await cache.store.instrument(of: symbol) else { return nil }
        remember(stored)
        return stored
    }

    /// Keeps what a source reported of an instrument.
    /// - Throws: `StoreError`.
    func learn(_ instrument: Instrument?) async throws(StoreError) {
        guard let instrument, try await self.instrument(of: instrument.symbol) != instrument else { return }
        remember(instrument)
        changes.changed()
        if !cache.isReadOnly { try await cache.store.keep(instrument) }
    }

    private func remember(_ instrument: Instrument) {
        known.withLock { known in
            if known.count >= InstrumentCache.most {
                known = [:]
                changes.changed()
            }
            known[instrument.symbol] = instrument
        }
    }
}

/// Gaps that a source reported itself, so that not every request fetches them again. Kept in memory only, and for a
/// while: a gap of today may be filled soon, one of years ago hardly ever.
final class NegativeCache: Sendable {
    private struct Entry {
        let gap: Gap
        let until: Timestamp
    }

    /// Beyond this number all are forgotten, and requested once more.
    private static let most = 10_000
    /// The shortest and the longest time until a gap is fetched again; in between it is a quarter of its age.
    private static let lifetime: ClosedRange<Int64> = 300...86_400

    private let state = Mutex<(entries: [SeriesKey: [Entry]], count: Int)>(([:], 0))
    /// Counts what was learned and forgotten.
    let changes = ChangeCounter()

    /// A source's response reported gaps.
    func learn(_ gaps: [Gap], of key: SeriesKey, now: Timestamp) {
        let entries = gaps.filter { $0.range.to < now }.map { gap in
            let age = now.seconds - gap.range.to.seconds
            let wait = min(max(age / 4, NegativeCache.lifetime.lowerBound), NegativeCache.lifetime.upperBound)
            return Entry(gap: gap, until: now.wholeSecond.advanced(bySeconds: wait))
        }
        guard !entries.isEmpty else { return }
        defer { changes.changed() }
        state.withLock { state in
            if state.count + entries.count > NegativeCache.most { state = ([:], 0) }
            let others = (state.entries[key] ?? []).filter { entry in
                entry.until > now && !entries.contains { $0.gap.range == entry.gap.range }
            }
            state.count += others.count + entries.count - (state.entries[key]?.count ?? 0)
            state.entries[key] = others + entries
        }
    }

    /// The gaps of a series that need not be requested now.
    func gaps(of key: SeriesKey, now: Timestamp) -> [Gap] {
        state.withLock { state in (state.entries[key] ?? []).filter { $0.until > now }.map(\.gap) }
    }
}
