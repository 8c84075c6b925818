public import MarketData

/// The outcome of admitting a run of bars to a series.
public struct Admission: Hashable, Sendable {
    /// How a run compares with the stored bars.
    public enum Verdict: Hashable, Sendable {
        /// It has the price adjustment of the current generation, and belongs to it.
        case appended
        /// All prices of the series have changed: it begins a new generation.
        case newGeneration
        /// It is unknown whether it has the price adjustment of the stored bars, and nothing was written: fetch the bars
        /// that open within the range, admit them, and try again.
        case needsOverlap(TimeRange)
    }

    /// What a run must meet beside the price adjustment.
    public struct Condition: Hashable, Sendable {
        /// The generation that the run was fetched for; `nil` for any. An overlap from another one is not compared.
        public var generation: Int?
        /// Where the run shares no bars with the store, the nearest stored bar must have been confirmed since; `nil`
        /// where none need be, as for a file.
        public var confirmedSince: Timestamp?

        /// A condition; without parts it is always met.
        public init(generation: Int? = nil, confirmedSince: Timestamp? = nil) {
            self.generation = generation
            self.confirmedSince = confirmedSince
        }
    }

    /// How many stored bars are fetched again as an overlap, on either side of a span.
    package static let overlapBars = 3

    /// How the run compares with the bars stored before.
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

    /// The number of the current generation.
    var generation = 0
    var comparison = PriceComparison.unknown
    /// The newest response among the bars that were compared.
    var comparedAsOf: Timestamp?
    /// Final bars before the end of the run, ascending, at most `Admission.overlapBars`.
    var before: [Neighbour] = []
    /// Final bars after it, ascending, at most `Admission.overlapBars`.
    var after: [Neighbour] = []

    func verdict(on run: BarRun, if condition: Admission.Condition) -> Admission.Verdict {
        guard let first = run.bars.first?.time, let last = run.bars.last?.time else { return .appended }
        let whole = TimeRange(from: min(first, last), to: max(first, last).next)
        if let expected = condition.generation, expected != generation { return .needsOverlap(whole) }
        switch comparison {
        case .same: return .appended
        case .changed:
            // A run older than the stored bars has a former price adjustment.
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
    package var next: Timestamp { Timestamp(milliseconds: milliseconds + 1) }

    /// The last instant before this one.
    package var previous: Timestamp { Timestamp(milliseconds: milliseconds - 1) }
}

/// Whether two versions of a series have the same price adjustment: the one rule for a split, a dividend, the roll of a
/// back-adjusted future or another feed. Pure.
public enum PriceComparison: Hashable, Sendable {
    /// A bar is unchanged, or all differ by no more than feeds of one market do: they may be served together.
    case same
    /// All prices of the series have changed.
    case changed
    /// There is too little to compare: no shared bar, or a single one that differs and may have been corrected.
    case unknown

    /// More pairs than these do not change the result.
    static let mostPairs = 1_000
    /// Prices are rounded to ticks, so a factor is the same for all bars only about so exactly.
    private static let factorTolerance = 0.002
    /// Two feeds of one market, or a file of another vendor, differ by less than this.
    private static let feedNoise = 0.02
    /// A tick of most instruments in India, with room for binary rounding: of a cheap price it is many per cent.
    private static let tick = 0.0505

    /// Compares the final bars that two versions share.
    /// - Parameters:
    ///   - stored: The stored bars.
    ///   - incoming: The new bars.
    ///   - isBackAdjusted: Whether a roll moves all former prices by an amount, however small.
    public static func compare(stored: [Bar], incoming: [Bar], isBackAdjusted: Bool = false) -> PriceComparison {
        let again = Dictionary(
            incoming.lazy.filter(\.isFinal).map { ($0.time, $0) }, uniquingKeysWith: { $1 })
        let pairs = stored.lazy.filter(\.isFinal).compactMap { old in again[old.time].map { (old, $0) } }
        return compare(Array(pairs.prefix(mostPairs)), isBackAdjusted: isBackAdjusted)
    }

    /// Compares bars of the same time, former and new.
    static func compare(_ pairs: [(old: Bar, new: Bar)], isBackAdjusted: Bool) -> PriceComparison {
        if pairs.contains(where: { $0.old.hasPrices(of: $0.new) }) { return .same }
        guard pairs.count > 1 else { return .unknown }
        if isBackAdjusted { return .changed }
        let moves = pairs.map { (amount: $0.new.close - $0.old.close, part: abs($0.new.close / $0.old.close - 1)) }
        if isOneFactor(pairs) { return moves.allSatisfy { abs($0.amount) <= tick } ? .same : .changed }
        let isUp = moves.allSatisfy { $0.amount > tick && $0.part > feedNoise }
        let isDown = moves.allSatisfy { $0.amount < -tick && $0.part > feedNoise }
        return isUp || isDown ? .changed : .same
    }

    private static func isOneFactor(_ pairs: [(old: Bar, new: Bar)]) -> Bool {
        let factors = pairs.flatMap { pair in zip(pair.old.prices, pair.new.prices).map { $1 / $0 } }
        guard let least = factors.min(), let most = factors.max(), least.isFinite, most.isFinite, least > 0 else {
            return false
        }
        let middle = (least + most) / 2
        return most - least <= factorTolerance * middle && abs(middle - 1) > factorTolerance
    }
}

extension Bar {
    fileprivate var prices: [Double] { [open, high, low, close] }

    func hasPrices(of other: Bar) -> Bool {
        open == other.open && high == other.high && low == other.low && close == other.close
    }
}
