public import MarketData

/// Whether two accounts of a series have the same price level: the one rule for a split, a dividend, the roll of a
/// back-adjusted future or another feed. Pure.
public enum PriceLevel: Hashable, Sendable {
    /// A bar came back as it was, or all differ by no more than feeds of one market do: they may stand side by side.
    case same
    /// All prices of the series have changed.
    case changed
    /// There is too little to compare: no shared bar, or a single one that differs and may have been corrected.
    case unknown

    /// More pairs than these prove nothing more.
    static let mostPairs = 1_000
    /// Prices are rounded to ticks, so a factor is the same for all bars only about so exactly.
    private static let factorTolerance = 0.002
    /// Two feeds of one market, or a file of another vendor, differ by less than this.
    private static let feedNoise = 0.02
    /// A tick of most instruments in India, with room for binary rounding: of a cheap price it is many per cent.
    private static let tick = 0.0505

    /// Compares the final bars that two accounts share.
    /// - Parameter isBackAdjusted: Whether a roll moves all former prices by an amount, however small.
    public static func compare(stored: [Bar], incoming: [Bar], isBackAdjusted: Bool = false) -> PriceLevel {
        let again = Dictionary(
            incoming.lazy.filter(\.isFinal).map { ($0.time, $0) }, uniquingKeysWith: { $1 })
        let pairs = stored.lazy.filter(\.isFinal).compactMap { old in again[old.time].map { (old, $0) } }
        return compare(Array(pairs.prefix(mostPairs)), isBackAdjusted: isBackAdjusted)
    }

    /// Compares bars of the same time, former and new.
    static func compare(_ pairs: [(old: Bar, new: Bar)], isBackAdjusted: Bool) -> PriceLevel {
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
