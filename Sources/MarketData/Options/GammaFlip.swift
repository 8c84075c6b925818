import Foundation

/// The search for the price of the forward at which the gamma exposure of a chain changes its sign.
struct GammaFlip {
    private struct Side {
        let strike: Double
        /// Volatility times the root of time.
        let deviation: Double
        /// Above zero for calls, below for puts; in the snapshot's unit.
        let held: Double
    }

    private let sides: [Side]
    private let forward: Double

    init(_ snapshot: OpenInterestSnapshot, _ greeks: ChainGreeks) {
        forward = greeks.forward.price
        let root = greeks.years.squareRoot()
        var sides: [Side] = []
        sides.reserveCapacity(2 * snapshot.strikes.count)
        for (row, known) in zip(snapshot.strikes, greeks.strikes) where row.strike == known.strike {
            for type in OptionType.allCases {
                guard let held = row[type]?.openInterest, held > 0, let option = known[type].value else { continue }
                sides.append(
                    Side(
                        strike: row.strike.price, deviation: option.impliedVolatility / 100 * root,
                        held: type.sign * held))
            }
        }
        self.sides = sides
    }

    /// The price nearest to the forward; `nil` where there is none within `reach` of it.
    func price(reach: Double) -> Double? {
        let step = forward * reach / Double(GammaFlip.steps)
        var below = (price: forward, net: net(at: forward))
        var above = below
        for _ in 0..<GammaFlip.steps {
            let (lower, higher) = (below.price - step, above.price + step)
            let next = (below: (lower, net(at: lower)), above: (higher, net(at: higher)))
            if above.net * next.above.1 < 0 { return crossing(above.price, next.above.0, negativeFirst: above.net < 0) }
            if below.net * next.below.1 < 0 { return crossing(next.below.0, below.price, negativeFirst: below.net > 0) }
            (below, above) = (next.below, next.above)
        }
        return nil
    }

    private func crossing(_ low: Double, _ high: Double, negativeFirst: Bool) -> Double {
        var (low, high) = (low, high)
        for _ in 0..<GammaFlip.halvings {
            let middle = (low + high) / 2
            if (net(at: middle) < 0) == negativeFirst { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// Gamma exposure at a price of the forward, but for what all prices have in common: F n(d1) / (s sqrt T) a share.
    private func net(at price: Double) -> Double {
        var sum = 0.0
        for side in sides {
            let d1 = log(price / side.strike) / side.deviation + side.deviation / 2
            sum += side.held * exp(-d1 * d1 / 2) / side.deviation
        }
        return sum * price
    }

    private static let steps = 20
    private static let halvings = 24
}

extension OpenInterestSnapshot {
    /// The gamma flip: the price of the forward nearest to today's at which net gamma exposure, reckoned anew with every
    /// option's implied volatility as it is, changes its sign.
    ///
    /// Unknown where it does not within 10 % of the forward.
    public func gammaFlip(by greeks: ChainGreeks) -> Figure<Double> {
        Figure(
            GammaFlip(self, greeks).price(reach: 0.1),
            otherwise: "net gamma exposure does not change its sign within 10 % of the forward")
    }
}
