import MarketData

extension ChainAnalysis {
    /// What the prices say, a line each, for people.
    var lines: [String] {
        [
            "\(ChainGreeks.model): rate \(rate.shortest), \(forwardWords), "
                + "\(years.map { $0 * 365 }.words(4)) days of 365 to the close of trading on the expiry day",
            "volatility at the money \(atTheMoneyVolatility.words(2, " %")), 25-delta skew "
                + "\(quarterDeltaSkew.map(\.value).words(2)), 5 % skew \(fivePercentSkew.map(\.value).words(2))",
            "expected move until expiry: by straddle \(moveByStraddle.map(\.amount).words(2)), by volatility "
                + moveByVolatility.map(\.amount).words(2),
            "gamma exposure for one percent \(gammaExposure.map(\.total).words(0)), flip at \(gammaFlip.words(2)): "
                + GammaExposure.assumption,
        ]
    }

    private var forwardWords: String {
        switch greeks.map(\.forward) {
        case .known(let forward):
            "forward \(forward.price.rounded(to: 4)) from \(forward.strikes.map(\.description).joined(separator: " "))"
        case .unknown(let reason): "forward none (\(reason))"
        }
    }
}
