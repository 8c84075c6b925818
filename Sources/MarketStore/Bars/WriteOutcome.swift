/// What a write did. Bars that were there already, or lost against what was there, count in none of these.
public struct WriteOutcome: Hashable, Sendable {
    /// Bars that were new.
    public var inserted = 0
    /// Forming bars that moved on or became final.
    public var updated = 0
    /// Bars that came back the same from a newer answer.
    public var confirmed = 0
    /// Final bars that came back different; the older value is kept among the revisions.
    public var revised = 0

    /// An outcome in which nothing changed.
    public init() {}

    /// Whether no stored bar changed its value.
    public var isUnchanged: Bool { inserted == 0 && updated == 0 && revised == 0 }
}
