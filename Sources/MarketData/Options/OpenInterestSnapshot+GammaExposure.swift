extension OpenInterestSnapshot {
    /// Gamma exposure: gamma x open interest in shares x F^2 x 0.01 of every call, less that of every put (the convention
    /// of SqueezeMetrics, "Gamma Exposure", 2017, with the forward that gamma is taken by in place of the spot).
    ///
    /// Open interest in contracts is multiplied by the lot; open interest in shares already is and must not be again.
    ///
    /// Unknown where contracts have no known lot, and where no side has both greeks and open interest.
    public func gammaExposure(by greeks: ChainGreeks) -> Figure<GammaExposure> {
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

    /// Shares of the underlying in one of the snapshot's units; `nil` for contracts of which the lot is not known.
    private var sharesAUnit: Double? {
        switch unit {
        case .shares: 1
        case .contracts: lotSize.map(Double.init)
        }
    }
}
