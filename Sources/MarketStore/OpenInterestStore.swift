public import MarketData

/// A store of open interest: each snapshot as its source gave it, by the source's own stamp. Snapshots of different
/// sources never take one another's place.
public protocol OpenInterestStore: Sendable {
    /// Keeps a snapshot if its source has not been heard with this stamp (`provenance.asOf`) before.
    /// - Throws: `StoreError`.
    @discardableResult
    func append(_ snapshot: OpenInterestSnapshot) async throws(StoreError) -> AppendOutcome

    /// The newest snapshot whose stamp is not after an instant; of equals, the one of the source first by name. `nil`
    /// where there is none: a later one is never returned.
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

/// The outcome of storing a snapshot.
public enum AppendOutcome: Hashable, Sendable {
    /// It was new and is stored.
    case stored
    /// The same was there.
    case known
    /// The source gave other values, or other strikes, under the same stamp before; those stay.
    case differs
}

/// The timestamp and the source of a stored snapshot.
public struct SnapshotStamp: Hashable, Sendable {
    /// The source that reported it.
    public var source: Provenance.Source
    /// How it was reported; `endOfDay` for the values of a close.
    public var mode: Provenance.Mode
    /// The source's own stamp.
    public var asOf: Timestamp

    /// A stamp from its parts.
    public init(source: Provenance.Source, mode: Provenance.Mode, asOf: Timestamp) {
        self.source = source
        self.mode = mode
        self.asOf = asOf
    }
}

/// What snapshots of open interest are there, reported without reading a single strike.
public protocol SnapshotIndexStore: Sendable {
    /// The stamps of a chain's snapshots within a range, source by source: ascending by stamp, then by source.
    /// - Throws: `StoreError`.
    func sourceStamps(
        of symbol: Symbol, expiry: CalendarDate, in range: TimeRange
    ) async throws(StoreError) -> [SnapshotStamp]
}

/// A store of when a recorder watched, without which a gap in the snapshots could not be explained.
public protocol RecordingStore: Sendable {
    /// Keeps a watch. One that begins where the chain's last one ends, with the same outcome, extends it.
    /// - Throws: `StoreError`; `refused` for a watch that ends before it begins.
    func note(_ watch: RecordingWatch) async throws(StoreError)

    /// The stamps of the snapshots of a chain within a range, of any source, ascending, each once.
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

/// A span in which a recorder watched one option chain, with the outcome.
public struct RecordingWatch: Hashable, Sendable {
    /// How the source responded.
    public enum Outcome: String, CaseIterable, Sendable {
        /// It responded, with new or with repeated values.
        case watched
        /// It refused: throttled, or the daily quota was spent.
        case refused
        /// It was down, too slow, or returned invalid data.
        case failed
        /// It responded for another moment than the one requested.
        case otherTime = "other_time"
    }

    /// The underlying.
    public var symbol: Symbol
    /// When the options expire.
    public var expiry: CalendarDate
    /// The span.
    public var span: TimeRange
    /// The outcome.
    public var outcome: Outcome

    /// A watch from its parts.
    public init(symbol: Symbol, expiry: CalendarDate, span: TimeRange, outcome: Outcome) {
        self.symbol = symbol
        self.expiry = expiry
        self.span = span
        self.outcome = outcome
    }
}
