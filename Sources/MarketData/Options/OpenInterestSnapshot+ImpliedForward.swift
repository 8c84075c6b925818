import Foundation

extension OpenInterestSnapshot {
    /// The median of K + e^(rT) (c - p) over three to five strikes near the money (put-call parity; H. Stoll, Journal of
    /// Finance 24, 1969), c and p being last prices. The median stands where one leg is stale.
    ///
    /// The money is the spot; without one, the strike at which call and put cost nearly the same.
    ///
    /// Unknown with fewer than three strikes near the money of which both sides have a price.
    public func impliedForward(years: Double, rate: Double) -> Figure<ImpliedForward> {
        let pairs = strikes.compactMap { row in
            row.fitPrice(of: .call).flatMap { call in
                row.fitPrice(of: .put).map { (strike: row.strike, difference: call - $0) }
            }
        }
        guard let money = spot ?? pairs.min(by: { abs($0.difference) < abs($1.difference) })?.strike.price else {
            return .unknown(reason: "no strike has a price of both its call and its put")
        }
        let distance = { (strike: Strike) in abs(strike.price - money) }
        let near = Set(
            strikes.map(\.strike).sorted { distance($0) < distance($1) }.prefix(ImpliedForward.strikesLookedAt)
        )
        let used = pairs.filter { near.contains($0.strike) }.sorted { distance($0.strike) < distance($1.strike) }
            .prefix(ImpliedForward.mostStrikes)
        guard used.count >= ImpliedForward.fewestStrikes else {
            return .unknown(
                reason: "of the \(near.count) strikes nearest to \(money.shortest), \(used.count) have a price of both "
                    + "sides; \(ImpliedForward.fewestStrikes) are needed"
            )
        }
        let growth = exp(rate * years)
        let forwards = used.map { $0.strike.price + growth * $0.difference }.sorted()
        let middle = (forwards[(forwards.count - 1) / 2] + forwards[forwards.count / 2]) / 2
        guard middle.isFinite, middle > 0 else {
            return .unknown(reason: "the premiums imply a forward of \(middle), which is no price")
        }
        return .known(ImpliedForward(price: middle, strikes: used.map(\.strike).sorted()))
    }
}
