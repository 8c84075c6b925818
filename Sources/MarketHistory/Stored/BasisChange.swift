import MarketData

/// Whether the prices of a whole series have changed, judged by the final bars that two answers share. Pure.
enum BasisChange: Hashable, Sendable {
    /// All prices by one factor, new over old: a split or the like.
    case factor(Double)
    /// Every bar in its own way: another feed, another adjustment.
    case everywhere

    /// Fewer shared bars than this prove nothing: one alone may have been corrected.
    private static let fewest = 2
    /// Prices are rounded to their ticks, so a factor is the same only about so exactly.
    private static let tolerance = 0.002
    /// Two feeds of the same market, or a file of another vendor's, differ by less than this.
    private static let feedNoise = 0.02
    /// A tick of most of what trades in India, and a little for binary numbers: of a cheap price it is many per cent.
    private static let rounding = 0.0505

    /// What the bars say that are stored and came again; `nil` where at least one came back as it was.
    static func between(stored: [Bar], incoming: [Bar]) -> BasisChange? {
        let pairs = pairs(stored: stored, incoming: incoming)
        guard pairs.count >= fewest, pairs.allSatisfy({ $0.prices != $1.prices }) else { return nil }
        let factors = pairs.flatMap { old, new in zip(old.prices, new.prices).map { $1 / $0 } }
        guard let least = factors.min(), let most = factors.max(), least.isFinite, most.isFinite, least > 0 else {
            return .everywhere
        }
        let middle = (least + most) / 2
        guard most - least <= tolerance * middle, abs(middle - 1) > tolerance else { return .everywhere }
        return .factor(middle)
    }

    /// Whether bars that all differ still tell of one level of prices, as those of two feeds do: they may stand beside one
    /// another without a jump that never was. The level is another where all closes differ by one factor, or all in one
    /// direction by clearly more than feeds and ticks do.
    /// - Parameter isBackAdjusted: Whether a roll moves all former prices by an amount, however small.
    static func keepsLevel(stored: [Bar], incoming: [Bar], isBackAdjusted: Bool = false) -> Bool {
        guard let change = between(stored: stored, incoming: incoming) else { return true }
        guard !isBackAdjusted else { return false }
        let moves = pairs(stored: stored, incoming: incoming).map { old, new in
            (amount: new.close - old.close, part: abs(new.close / old.close - 1))
        }
        if case .factor = change { return moves.allSatisfy { abs($0.amount) <= rounding } }
        let isUp = moves.allSatisfy { $0.amount > rounding && $0.part > feedNoise }
        let isDown = moves.allSatisfy { $0.amount < -rounding && $0.part > feedNoise }
        return !isUp && !isDown
    }

    /// Whether a bar came back as it was, which proves that both answers have one basis.
    static func isExcluded(stored: [Bar], incoming: [Bar]) -> Bool {
        pairs(stored: stored, incoming: incoming).contains { $0.prices == $1.prices }
    }

    /// The final bars that both answers have.
    private static func pairs(stored: [Bar], incoming: [Bar]) -> [(Bar, Bar)] {
        let again = Dictionary(incoming.lazy.filter(\.isFinal).map { ($0.time, $0) }, uniquingKeysWith: { $1 })
        return stored.filter(\.isFinal).compactMap { old in again[old.time].map { (old, $0) } }
    }
}

extension Bar {
    fileprivate var prices: [Double] { [open, high, low, close] }
}
