public import MarketData

/// A memory of open interest: each snapshot as its source gave it, by the source's own stamp. Snapshots of different
/// sources never take one another's place.
public protocol OpenInterestStore: Sendable {
    /// Keeps a snapshot if its source has not been heard with this stamp (`provenance.asOf`) before.
    /// - Throws: `StoreError`.
    @discardableResult
    func append(_ snapshot: OpenInterestSnapshot) async throws(StoreError) -> AppendOutcome

    /// The newest snapshot whose stamp is not after an instant; of equals, the one of the source first by name. `nil`
    /// where there is none: a later one is never the answer.
    /// - Throws: `StoreError`.
    func latestSnapshot(
        of symbol: Symbol, expiry: CalendarDate, at time: Timestamp, from source: Provenance.Source?
    ) async throws(StoreError) -> OpenInterestSnapshot?

    /// The snapshots with a stamp within a range, ascending by stamp, then by source; the first `limit` of them.
    /// - Throws: `StoreError`.
    func snapshots(
        of symbol: Symbol, expiry: CalendarDate, in range: TimeRange, from source: Provenance.Source?, limit: Int
    ) async throws(StoreError) -> [OpenInterestSnapshot]

    /// The expiries that the store has snapshots of, ascending; expired ones included.
    /// - Throws: `StoreError`.
    func expiries(of symbol: Symbol) async throws(StoreError) -> [CalendarDate]
}

extension OpenInterestStore {
    /// The newest snapshot of any source whose stamp is not after an instant.
    /// - Throws: `StoreError`.
    public func latestSnapshot(
        of symbol: Symbol, expiry: CalendarDate, at time: Timestamp
    ) async throws(StoreError) -> OpenInterestSnapshot? {
        try await latestSnapshot(of: symbol, expiry: expiry, at: time, from: nil)
    }

    /// All snapshots with a stamp within a range.
    /// - Throws: `StoreError`.
    public func snapshots(
        of symbol: Symbol, expiry: CalendarDate, in range: TimeRange
    ) async throws(StoreError) -> [OpenInterestSnapshot] {
        try await snapshots(of: symbol, expiry: expiry, in: range, from: nil, limit: .max)
    }
}
