public import MarketData

/// Of when a kept snapshot is, and whose it is.
public struct SnapshotStamp: Hashable, Sendable {
    /// The source that told it.
    public var source: Provenance.Source
    /// How it was told; `endOfDay` for the figures of a close.
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
