public import MarketData

/// What snapshots of open interest are there, told without reading a single strike.
public protocol SnapshotIndexStore: Sendable {
    /// The stamps of a chain's snapshots within a range, source by source: ascending by stamp, then by source.
    /// - Throws: `StoreError`.
    func sourceStamps(
        of symbol: Symbol, expiry: CalendarDate, in range: TimeRange
    ) async throws(StoreError) -> [SnapshotStamp]
}
