import MarketData

/// The search backwards through one hole: each answer is the snapshot before, until the earlier stamp appears.
struct HoleFilling: Hashable {
    private static let mostRefusals = 4

    /// Whose hole it is.
    let source: Provenance.Source
    /// The stamp that is known before the hole.
    let lower: Timestamp
    /// The stamp that is known after it.
    let upper: Timestamp
    /// The moment to ask for next.
    private(set) var cursor: Timestamp
    private let step: Int64
    private let refresh: Int64
    private var refusals = 0

    /// The search between two known stamps; the first moment asked for lies a third of a refresh before the later one,
    /// because sources are asked by the minute.
    init(of source: Provenance.Source, after lower: Timestamp, before upper: Timestamp, _ plan: RecordingPlan) {
        self.source = source
        self.lower = lower
        self.upper = upper
        refresh = plan.refresh
        step = max(1, plan.refresh / 3)
        cursor = upper.advanced(bySeconds: -step)
    }

    var isOver: Bool { cursor <= lower || refusals >= HoleFilling.mostRefusals }

    mutating func answered(_ stamp: Timestamp) {
        refusals = 0
        cursor = min(stamp, cursor).advanced(bySeconds: -step)
    }

    /// The source did not answer for the moment. It may have been a slip, so it is asked once more, then for an earlier one.
    mutating func refused() {
        refusals += 1
        guard refusals.isMultiple(of: 2) else { return }
        cursor = cursor.advanced(bySeconds: -refresh)
    }
}
