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
    /// another without a jump that never was.
    static func keepsLevel(stored: [Bar], incoming: [Bar]) -> Bool {
        if case .factor = between(stored: stored, incoming: incoming) { return false }
        return pairs(stored: stored, incoming: incoming).allSatisfy { abs($1.close / $0.close - 1) <= feedNoise }
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
