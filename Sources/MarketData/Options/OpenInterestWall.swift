/// A strike at which much is written.
public struct OpenInterestWall: Hashable, Sendable {
    /// The strike.
    public let strike: Strike
    /// Its open interest, change or volume, in the snapshot's unit.
    public let size: Double
}
