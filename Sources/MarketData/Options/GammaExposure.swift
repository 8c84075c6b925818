import Foundation

/// How much dealers must trade as the price moves, if they hold what they are assumed to hold.
public struct GammaExposure: Hashable, Sendable {
    /// Of one strike, in the currency of the underlying for a move of one percent.
    public struct Row: Hashable, Sendable {
        /// The strike.
        public let strike: Strike
        /// Of the calls, zero or above; `nil` if greeks or open interest are not known.
        public let call: Double?
        /// Of the puts, zero or below; `nil` if greeks or open interest are not known.
        public let put: Double?
    }

    /// The assumption, to be shown with the values.
    public static let assumption =
        "dealers are assumed to hold every call and to have written every put; positions are not published"

    /// Ascending by strike.
    public let rows: [Row]
    /// The sum over all sides that are known.
    public let total: Double
    /// The sum of their sizes: what the net exposure is to be seen against.
    public var gross: Double { rows.reduce(0) { $0 + abs($1.call ?? 0) + abs($1.put ?? 0) } }
    /// How many sides have open interest but no greeks, and are in no sum.
    public let sidesLeftOut: Int
}

extension OpenInterestSnapshot {
    /// Gamma exposure: gamma x open interest in shares x F^2 x 0.01 of every call, less that of every put (the
    /// convention of SqueezeMetrics, "Gamma Exposure", 2017, with the forward that gamma is taken by in place of the
    /// spot).
    ///
    /// Open interest in contracts is multiplied by the lot; open interest in shares already is and must not be again.
    ///
    /// Unknown where contracts have no known lot, and where no side has both greeks and open interest.
    public func gammaExposure(by greeks: ChainGreeks) -> ComputedValue<GammaExposure> {
        guard let shares = sharesAUnit else {
            return .unknown(reason: "open interest is in contracts and the lot is not known")
        }
        let forward = greeks.forward.price
        let onePercent = shares * forward * forward * 0.01
        let known = Dictionary(greeks.strikes.map { ($0.strike, $0) }, uniquingKeysWith: { first, _ in first })
        var sidesLeftOut = 0
        let rows = strikes.map { row in
            let sides = OptionType.allCases.map { type -> Double? in
                guard let held = row[type]?.openInterest else { return nil }
                if held == 0 { return 0 }
                guard let greeks = known[row.strike]?[type].value else {
                    sidesLeftOut += 1
                    return nil
                }
                return type.sign * greeks.gamma * held * onePercent
            }
            return GammaExposure.Row(strike: row.strike, call: sides[0], put: sides[1])
        }
        let sums = rows.flatMap { [$0.call, $0.put] }.compactMap { $0 }
        guard sums.contains(where: { $0 != 0 }) else {
            return .unknown(reason: "no option has both open interest and greeks")
        }
        return .known(GammaExposure(rows: rows, total: sums.reduce(0, +), sidesLeftOut: sidesLeftOut))
    }

    /// Shares of the underlying in one of the snapshot's units; `nil` for contracts with an unknown lot.
    private var sharesAUnit: Double? {
        switch unit {
        case .shares: 1
        case .contracts: lotSize.map(Double.init)
        }
    }
}

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
    /// How many steps are taken in each direction: near expiry gamma has narrow peaks at the strikes, and a step
    /// must not pass over one.
    private let steps: Int

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
        let narrowest = sides.map(\.deviation).min() ?? GammaFlip.reach
        steps = min(max(Int((2 * GammaFlip.reach / narrowest).rounded(.up)), 20), 400)
    }

    /// Whether any option has both open interest and greeks.
    var isEmpty: Bool { sides.isEmpty }
    /// Whether the sides cancel out wherever the price goes.
    var isBalanced: Bool {
        let step = forward * GammaFlip.reach / Double(steps)
        return (-steps...steps).allSatisfy { net(at: forward + Double($0) * step) == 0 }
    }

    /// The price nearest to the forward; `nil` if there is none within `reach`.
    ///
    /// Exposures that are exactly zero have no sign: a sign on one side of them and the other sign on the other side is
    /// a change, the same sign on both is none.
    func price() -> Double? {
        let step = forward * GammaFlip.reach / Double(steps)
        let start = Sample(price: forward, net: net(at: forward))
        var (up, down) = (Walk(from: start), Walk(from: start))
        var isBalanced = start.net == 0
        for number in 1...steps {
            let found = [
                up.reached(sample(at: forward + Double(number) * step)),
                down.reached(sample(at: forward - Double(number) * step)),
            ]
            if isBalanced, let above = up.last, let below = down.last {
                if above.isNegative != below.isNegative { return forward }
                isBalanced = false
            }
            let prices = found.compactMap { $0 }.map(price)
            if let nearest = prices.min(by: { abs($0 - forward) < abs($1 - forward) }) { return nearest }
        }
        return nil
    }

    /// Net exposure at a price.
    private struct Sample {
        let price: Double
        let net: Double
        var isNegative: Bool { net < 0 }
    }

    /// Where the sign changes.
    private enum Change {
        case at(Double)
        case between(Sample, Sample)
    }

    /// The way from the forward in one direction.
    private struct Walk {
        /// The farthest sample so far with a sign.
        private(set) var last: Sample?
        /// The nearest price without one since then.
        private var zero: Double?

        init(from start: Sample) {
            if start.net == 0 { zero = start.price } else { last = start }
        }

        mutating func reached(_ sample: Sample) -> Change? {
            guard sample.net != 0 else {
                zero = zero ?? sample.price
                return nil
            }
            defer { (last, zero) = (sample, nil) }
            guard let last, last.isNegative != sample.isNegative else { return nil }
            return zero.map { .at($0) } ?? .between(last, sample)
        }
    }

    private func sample(at price: Double) -> Sample { Sample(price: price, net: net(at: price)) }

    private func price(of change: Change) -> Double {
        switch change {
        case .at(let price): return price
        case .between(let one, let other):
            let (low, high) = one.price < other.price ? (one, other) : (other, one)
            return crossing(low.price, high.price, negativeFirst: low.isNegative)
        }
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
    /// Zero where calls and puts cancel out but for rounding.
    private func net(at price: Double) -> Double {
        var (net, gross) = (0.0, 0.0)
        for side in sides {
            let d1 = log(price / side.strike) / side.deviation + side.deviation / 2
            let exposure = side.held * exp(-d1 * d1 / 2) / side.deviation
            net += exposure
            gross += abs(exposure)
        }
        return abs(net) < GammaFlip.noise * gross ? 0 : net * price
    }

    /// How far from the forward a flip is looked for, as a share of it.
    static let reach = 0.1
    /// The share of gross exposure below which net exposure is rounding.
    private static let noise = 1e-10
    private static let halvings = 24
}

extension OpenInterestSnapshot {
    /// The gamma flip: the price of the forward nearest to today's at which net gamma exposure, recalculated with every
    /// option's implied volatility as it is, changes its sign.
    ///
    /// Unknown where it does not within 10 % of the forward, where calls and puts cancel out (net exposure below 1e-10
    /// of gross), and where no option has both open interest and greeks.
    public func gammaFlip(by greeks: ChainGreeks) -> ComputedValue<Double> {
        let flip = GammaFlip(self, greeks)
        guard !flip.isEmpty else { return .unknown(reason: "no option has both open interest and greeks") }
        if let price = flip.price() { return .known(price) }
        return .unknown(
            reason: flip.isBalanced
                ? "the gamma exposures of calls and puts cancel out within 10 % of the forward"
                : "net gamma exposure does not change its sign within 10 % of the forward")
    }
}
