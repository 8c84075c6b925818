public import MarketData

/// What became of a run of bars that was to enter a series.
public struct Admission: Hashable, Sendable {
    /// How a run stands to what is stored.
    public enum Verdict: Hashable, Sendable {
        /// It is on the price level of the current generation, and belongs to it.
        case appended
        /// All prices of the series have changed: it begins a new generation.
        case newGeneration
        /// Nothing proves that it is on the level of the stored bars, and nothing was written: fetch the bars that open
        /// within the range, admit them, and try again.
        case needsOverlap(TimeRange)
    }

    /// What a run must meet beside the price level.
    public struct Condition: Hashable, Sendable {
        /// The generation that the run was fetched for; `nil` for any. In another one its overlap proves nothing.
        public var generation: Int?
        /// Where the run shares no bars with the store, the nearest stored bar must have been confirmed since; `nil`
        /// where none need be, as for a file.
        public var confirmedSince: Timestamp?

        /// A condition; without parts it asks for nothing.
        public init(generation: Int? = nil, confirmedSince: Timestamp? = nil) {
            self.generation = generation
            self.confirmedSince = confirmedSince
        }
    }

    /// How the run stands to what was stored before.
    public let verdict: Verdict
    /// What was written.
    public let written: WriteOutcome

    /// An admission from its parts.
    public init(_ verdict: Verdict, written: WriteOutcome = WriteOutcome()) {
        self.verdict = verdict
        self.written = written
    }
}

/// What the current generation of a series has where a run is to go, as far as it decides about the run. Pure.
struct RunSurroundings {
    /// A stored final bar beside the run.
    struct Neighbour {
        let time: Timestamp
        let asOf: Timestamp
    }

    /// How many stored bars are asked for again as an overlap.
    static let overlapBars = 3

    /// The number of the current generation.
    var generation = 0
    var level = PriceLevel.unknown
    /// The newest account among the bars that were compared.
    var comparedAsOf: Timestamp?
    /// Final bars before the end of the run, ascending, at most `overlapBars`.
    var before: [Neighbour] = []
    /// Final bars after it, likewise.
    var after: [Neighbour] = []

    func verdict(on run: BarRun, if condition: Admission.Condition) -> Admission.Verdict {
        guard let first = run.bars.first?.time, let last = run.bars.last?.time else { return .appended }
        let whole = TimeRange(from: min(first, last), to: max(first, last).next)
        if let expected = condition.generation, expected != generation { return .needsOverlap(whole) }
        switch level {
        case .same: return .appended
        case .changed:
            // An account of before the stored ones tells of a level that is past.
            return run.provenance.asOf < comparedAsOf ?? run.provenance.asOf ? .needsOverlap(whole) : .newGeneration
        case .unknown: break
        }
        guard let since = condition.confirmedSince, let nearest = before.isEmpty ? after.first : before.last else {
            return .appended
        }
        if (before.suffix(1) + after.prefix(1)).contains(where: { $0.asOf >= since }) { return .appended }
        let overlap = before.isEmpty ? after : before
        return .needsOverlap(
            TimeRange(from: overlap.first?.time ?? nearest.time, to: (overlap.last?.time ?? nearest.time).next))
    }
}

extension Timestamp {
    /// The first instant after this one.
    var next: Timestamp { Timestamp(milliseconds: milliseconds + 1) }
}
