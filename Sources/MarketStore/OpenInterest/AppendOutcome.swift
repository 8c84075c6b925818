/// What became of a snapshot.
public enum AppendOutcome: Hashable, Sendable {
    /// It was new and is kept.
    case stored
    /// The same was there.
    case known
    /// The source gave other figures, or other strikes, under the same stamp before; those stay.
    case differs
}
