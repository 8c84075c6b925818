extension OpenInterestSnapshot {
    /// The strike at which the options of this snapshot would pay out least: the least over listed k* of
    /// the sum of (k* - k) C(k) for k < k* plus the sum of (k - k*) P(k) for k > k*; the lowest of equals.
    ///
    /// One pass up and one down instead of the textbook's square. `nil` where no side has open interest.
    public var maxPain: Strike? {
        let calls = strikes.map { $0.call?.openInterest ?? 0 }
        let puts = strikes.map { $0.put?.openInterest ?? 0 }
        guard calls.contains(where: { $0 > 0 }) || puts.contains(where: { $0 > 0 }) else { return nil }
        let prices = strikes.map(\.strike.price)
        var pain = [Double](repeating: 0, count: prices.count)
        var owed = 0.0
        var held = 0.0
        for index in prices.indices.dropFirst() {
            held += calls[index - 1]
            owed += held * (prices[index] - prices[index - 1])
            pain[index] += owed
        }
        (owed, held) = (0, 0)
        for index in prices.indices.dropLast().reversed() {
            held += puts[index + 1]
            owed += held * (prices[index + 1] - prices[index])
            pain[index] += owed
        }
        return pain.indices.min { pain[$0] < pain[$1] }.map { strikes[$0].strike }
    }
}
