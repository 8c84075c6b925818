public import MarketData

/// What one source told within a stretch of a session.
public struct RecordedStretch: Hashable, Sendable {
    /// The source.
    public let source: Provenance.Source
    /// How many of its snapshots are there.
    public let snapshots: Int
    /// The first one's stamp.
    public let first: Timestamp
    /// The last one's stamp.
    public let last: Timestamp

    /// A stretch from its parts.
    public init(source: Provenance.Source, snapshots: Int, first: Timestamp, last: Timestamp) {
        self.source = source
        self.snapshots = snapshots
        self.first = first
        self.last = last
    }
}
