import MarketData
import MarketStore
import Synchronization
import TestSupport

@testable import MarketHistory

/// A source of the closes of past days, one file a day, which notes the days that were requested.
final class DayFileSource: ClosingOpenInterestProvider {
    let source = Provenance.Source.nse
    private let requested = Mutex<[CalendarDate]>([])

    /// The days requested, in order.
    var days: [CalendarDate] { requested.withLock { $0 } }

    func expiries(of symbol: Symbol) async throws -> ExpiryList {
        throw MarketDataError(.upstreamUnavailable, "no connection", source: .nse)
    }

    func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        throw MarketDataError(.upstreamUnavailable, "no connection", source: .nse)
    }

    func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        throw MarketDataError(.upstreamUnavailable, "whole ranges must not be requested", source: .nse)
    }

    func closingOpenInterest(
        of symbol: Symbol, expiry: CalendarDate, on days: [CalendarDate]
    ) async throws -> [OpenInterestSnapshot] {
        requested.withLock { $0 += days }
        return days.map { DayFileSource.close(of: $0, symbol, expiry) }
    }

    static func close(of day: CalendarDate, _ symbol: Symbol, _ expiry: CalendarDate) -> OpenInterestSnapshot {
        let stamp = RecordedSession.calendar.timestamp(day, ClockTime(hour: 15, minute: 30))
        return snapshot(at: stamp, of: symbol, expiry, source: .nse, mode: .endOfDay)
    }

    static func snapshot(
        at stamp: Timestamp, of symbol: Symbol = .nifty, _ expiry: CalendarDate = SteppingSource.expiry,
        source: Provenance.Source = .trendlyne, mode: Provenance.Mode = .delayed
    ) -> OpenInterestSnapshot {
        let values = OptionData(openInterest: Double(stamp.seconds % 1_000) + 65)
        let strikes = (0..<3).map {
            OptionStrike(strike: Strike(tenThousandths: 240_000_000 + $0 * 500_000), call: values, put: values)
        }
        return OpenInterestSnapshot(
            symbol: symbol, expiry: expiry, unit: .shares, lotSize: 65, spot: 24_000, strikes: strikes,
            listedStrikes: 3,
            provenance: Provenance(source: source, feed: "test", mode: mode, delaySeconds: nil, asOf: stamp))
    }
}

/// A store that notes how many snapshots were read at once.
final class CountingStore: OpenInterestStore, SnapshotIndexStore {
    private let store: SQLiteMarketStore
    private let most = Mutex(0)

    init(_ store: SQLiteMarketStore) { self.store = store }

    /// The most snapshots that one reading brought.
    var mostAtOnce: Int { most.withLock { $0 } }

    func append(_ snapshot: OpenInterestSnapshot) async throws(StoreError) -> AppendOutcome {
        try await store.append(snapshot)
    }

    func latestSnapshot(
        of symbol: Symbol, expiry: CalendarDate, at time: Timestamp, from source: Provenance.Source?
    ) async throws(StoreError) -> OpenInterestSnapshot? {
        try await store.latestSnapshot(of: symbol, expiry: expiry, at: time, from: source)
    }

    func snapshots(
        of symbol: Symbol, expiry: CalendarDate, in range: TimeRange, from source: Provenance.Source?, limit: Int
    ) async throws(StoreError) -> [OpenInterestSnapshot] {
        let found = try await store.snapshots(of: symbol, expiry: expiry, in: range, from: source, limit: limit)
        most.withLock { $0 = max($0, found.count) }
        return found
    }

    func expiries(of symbol: Symbol) async throws(StoreError) -> [CalendarDate] {
        try await store.expiries(of: symbol)
    }

    func sourceStamps(
        of symbol: Symbol, expiry: CalendarDate, in range: TimeRange
    ) async throws(StoreError) -> [SnapshotStamp] {
        try await store.sourceStamps(of: symbol, expiry: expiry, in: range)
    }
}
