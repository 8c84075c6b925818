/// A strike at which much is written.
public struct OpenInterestWall: Hashable, Sendable {
    /// The strike.
    public let strike: Strike
    /// Its open interest, change or volume, in the snapshot's unit.
    public let size: Double
}

extension OpenInterestSnapshot {
    /// Resistance: the strikes at or above the spot with the most of the calls' open interest, or of its change; the
    /// largest first; on a tie, nearer to the spot first.
    ///
    /// Only strikes of this snapshot are seen: a wall beyond its window is not. Zero or falling open interest is not a
    /// wall. Unknown without a spot, and where no such strike has any.
    public func resistance(
        by basis: PutCallRatio.Basis = .openInterest, count: Int = 3
    ) -> ComputedValue<[OpenInterestWall]> {
        walls(of: .call, by: basis, count: count, side: "at or above") { $0 >= $1 }
    }

    /// Support: the strikes at or below the spot with the most of the puts' open interest, or of its change; otherwise
    /// as `resistance`.
    public func support(
        by basis: PutCallRatio.Basis = .openInterest, count: Int = 3
    ) -> ComputedValue<[OpenInterestWall]> {
        walls(of: .put, by: basis, count: count, side: "at or below") { $0 <= $1 }
    }

    private func walls(
        of type: OptionType, by basis: PutCallRatio.Basis, count: Int, side: String,
        where isOnSide: (Double, Double) -> Bool
    ) -> ComputedValue<[OpenInterestWall]> {
        guard let spot else { return .unknown(reason: "the spot is not known") }
        let walls = strikes.filter { isOnSide($0.strike.price, spot) }.compactMap { row in
            row[type]?[basis].flatMap { $0 > 0 ? OpenInterestWall(strike: row.strike, size: $0) : nil }
        }
        guard !walls.isEmpty else {
            return .unknown(reason: "no \(type.rawValue) \(side) \(spot.shortest) has \(basis.words) above zero")
        }
        let largest = walls.sorted { left, right in
            if left.size != right.size { return left.size > right.size }
            return abs(left.strike.price - spot) < abs(right.strike.price - spot)
        }
        return .known(Array(largest.prefix(max(1, count))))
    }
}

extension OpenInterestSnapshot {
    /// The puts' change in open interest less the calls', summed over the strikes of this snapshot, in its unit;
    /// steadier than the ratio of the two, which has no meaning once either falls.
    ///
    /// Unknown where the change of either side is.
    public var netChange: ComputedValue<Double> {
        let changes = putCallRatio(by: .change)
        guard let puts = changes.puts else { return .unknown(reason: "the puts' change in open interest is not known") }
        guard let calls = changes.calls else {
            return .unknown(reason: "the calls' change in open interest is not known")
        }
        return .known(puts - calls)
    }
}
