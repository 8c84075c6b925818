/// Who gave the bars of a span: a series answered from the store may hold what several answers brought.
public struct BarOrigin: Hashable, Sendable {
    /// The opening of the first bar.
    public var first: Timestamp
    /// The opening of the last bar.
    public var last: Timestamp
    /// Where these bars came from, as it was told when they came.
    public var provenance: Provenance

    /// An origin of the bars from one opening time to another, both included.
    public init(first: Timestamp, last: Timestamp, provenance: Provenance) {
        self.first = first
        self.last = last
        self.provenance = provenance
    }
}
