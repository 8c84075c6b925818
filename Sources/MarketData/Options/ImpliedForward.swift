import Foundation

/// The price of the forward that the premiums of calls and puts agree on.
public struct ImpliedForward: Hashable, Sendable {
    /// In the currency of the underlying.
    public let price: Double
    /// The strikes it was read from, ascending.
    public let strikes: [Strike]

    /// How many strikes around the money are looked at; options further off are seldom traded.
    public static let strikesLookedAt = 7
    /// How many of them, those nearest to the money, are used at most.
    public static let mostStrikes = 5
    /// Fewer than this and one stale premium would decide.
    public static let fewestStrikes = 3
}

extension OpenInterestSnapshot {
    /// The median of K + e^(rT) (c - p) over three to five strikes near the money (put-call parity; H. Stoll, Journal
    /// of Finance 24, 1969), c and p being last prices. The median is robust against one stale leg.
    ///
    /// The money is the spot; without one, the strike at which call and put cost nearly the same.
    ///
    /// Unknown with fewer than three strikes near the money that have prices of both sides.
    public func impliedForward(years: Double, rate: Double) -> ComputedValue<ImpliedForward> {
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
            return .unknown(reason: "the premiums imply a forward of \(middle), which is not a valid price")
        }
        return .known(ImpliedForward(price: middle, strikes: used.map(\.strike).sorted()))
    }
}

/// The interest rate that the premiums of calls and puts agree on.
public struct ImpliedRate: Hashable, Sendable {
    /// Continuous, a year, 0.07 for 7 %.
    public let rate: Double
    /// The standard error of `rate`.
    public let standardError: Double
    /// How many strikes it was read from.
    public let strikes: Int

    /// Fewer strikes than this and their noise decides.
    public static let fewestStrikes = 8
    /// How far from the forward, as a share of it, strikes are looked at.
    public static let reach = 0.1
    /// A rate that is less certain than this is not reported: near expiry, and on a book of stale prices.
    public static let largestError = 0.01
}

extension OpenInterestSnapshot {
    /// The rate by put-call parity, c - p = D (F - K): the slope of c - p over the strikes within 10 % of the forward
    /// is -D, and r = -ln(D) / T (H. Stoll, Journal of Finance 24, 1969; ordinary least squares). Where both sides are
    /// quoted the price is halfway between bid and offer, otherwise the last one.
    ///
    /// Unknown where fewer than `ImpliedRate.fewestStrikes` strikes have both prices, and where the rate is uncertain
    /// by more than `ImpliedRate.largestError`.
    public func impliedRate(by greeks: ChainGreeks) -> ComputedValue<ImpliedRate> {
        let forward = greeks.forward.price
        let pairs = strikes.compactMap { row -> (strike: Double, difference: Double)? in
            guard abs(row.strike.price - forward) <= ImpliedRate.reach * forward,
                let call = row.parityPrice(of: .call), let put = row.parityPrice(of: .put)
            else { return nil }
            return (row.strike.price, call - put)
        }
        guard pairs.count >= ImpliedRate.fewestStrikes else {
            return .unknown(
                reason: "\(pairs.count) strikes within 10 % of the forward have prices of both sides; "
                    + "\(ImpliedRate.fewestStrikes) are needed")
        }
        let count = Double(pairs.count)
        let middle = pairs.reduce(0) { $0 + $1.strike } / count
        let level = pairs.reduce(0) { $0 + $1.difference } / count
        let spread = pairs.reduce(0) { $0 + ($1.strike - middle) * ($1.strike - middle) }
        let slope = pairs.reduce(0) { $0 + ($1.strike - middle) * ($1.difference - level) } / spread
        let misses = pairs.map { $0.difference - level - slope * ($0.strike - middle) }
        let variance = misses.reduce(0) { $0 + $1 * $1 } / (count - 2)
        guard slope < 0, slope.isFinite else {
            return .unknown(reason: "the premiums of calls and puts do not fall together as strikes rise")
        }
        let rate = -log(-slope) / greeks.years
        let standardError = (variance / spread).squareRoot() / -slope / greeks.years
        guard standardError <= ImpliedRate.largestError else {
            let points = ((standardError * 10_000).rounded() / 100).shortest
            return .unknown(reason: "the premiums leave the rate uncertain by \(points) percentage points")
        }
        return .known(ImpliedRate(rate: rate, standardError: standardError, strikes: pairs.count))
    }
}

extension OptionStrike {
    /// The price to compare a call and a put by: halfway between bid and offer, otherwise the last one of today.
    fileprivate func parityPrice(of type: OptionType) -> Double? { self[type]?.mid ?? fitPrice(of: type) }
}
