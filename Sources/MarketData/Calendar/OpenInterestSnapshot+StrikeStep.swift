extension OpenInterestSnapshot {
    /// The distance between the strikes that stand near the spot, found in the strikes themselves: the commonest one
    /// among the ten on either side of it, the smaller of two as common; `nil` for fewer than two strikes.
    ///
    /// A table cannot tell: the steps widen away from the spot (at NIFTY from 50 to 500 and 1,000), and a share's strikes
    /// step by odd fractions after a corporate action.
    public var strikeStep: Strike? {
        let sorted = strikes.map(\.strike)
        guard sorted.count > 1 else { return nil }
        let center = atTheMoney.flatMap { sorted.firstIndex(of: $0) } ?? sorted.count / 2
        let near = sorted[max(0, center - 10)...min(sorted.count - 1, center + 10)]
        var counts: [Int64: Int] = [:]
        for (lower, upper) in zip(near, near.dropFirst()) {
            counts[upper.tenThousandths - lower.tenThousandths, default: 0] += 1
        }
        let best = counts.max { left, right in
            left.value == right.value ? left.key > right.key : left.value < right.value
        }
        return best.map { Strike(tenThousandths: $0.key) }
    }
}
