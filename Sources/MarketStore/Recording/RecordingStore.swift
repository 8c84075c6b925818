public import MarketData

/// A memory of when a recorder watched, without which a hole in the snapshots could not be explained.
public protocol RecordingStore: Sendable {
    /// Keeps a watch. One that begins where the chain's last one ends, with the same outcome, extends it.
    /// - Throws: `StoreError`; `refused` for a watch that ends before it begins.
    func note(_ watch: RecordingWatch) async throws(StoreError)

    /// The stamps of the snapshots of a chain within a range, of whatever source, ascending, each once.
    /// - Throws: `StoreError`.
    func stamps(
        of symbol: Symbol, expiry: CalendarDate, in range: TimeRange
    ) async throws(StoreError) -> [Timestamp]

    /// The watches of a chain that reach into a range, ascending.
    /// - Throws: `StoreError`.
    func watches(
        of symbol: Symbol, expiry: CalendarDate, in range: TimeRange
    ) async throws(StoreError) -> [RecordingWatch]
}
