import MarketData

extension Provenance {
    /// Where numbers came from, in a line for people.
    var words: String {
        var words = "source \(source.rawValue)"
        if let feed { words += ", feed \(feed)" }
        switch mode {
        case .streaming: words += ", streaming"
        case .delayed: words += ", delayed" + (delaySeconds.map { " \($0) s" } ?? "")
        case .endOfDay: words += ", end of day"
        case .recorded: words += ", recorded"
        case .simulated: words += ", SIMULATED"
        }
        return words + ", as of \(asOf)"
    }

    /// The source and the mode.
    var briefWords: String { "\(source.rawValue) \(mode == .simulated ? "SIMULATED" : mode.rawValue)" }
}

extension BarSeries {
    /// Where the bars came from, in a line for people.
    var words: String {
        let built = builtFrom.map { "built from bars of \($0), " } ?? ""
        guard let rolls, let last = rolls.last else { return built + provenance.words }
        return built + provenance.words + ", \(rolls.count) rolls, the last at \(last.time)"
    }
}

extension SeriesCoverage {
    /// A summary of the stored series, as one line.
    var words: String {
        var words = "\(bars) bars are stored"
        if let first, let last { words += ", from \(first) to \(last)" }
        if revisions > 0 { words += "; \(revisions) bars were revised" }
        if missingBars > 0 { return words + "; \(missingBars) bars are missing" }
        if let unjudgedNote { return words + "; \(unjudgedNote)" }
        return words + "; nothing is missing"
    }
}

extension Double? {
    /// The number, or that it is not known.
    var words: String { self?.shortest ?? "unknown" }
}

extension Double {
    /// The number rounded to a number of decimals, without trailing zeros.
    func rounded(to digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (self * scale).rounded()
        // Added to zero, a negative zero loses its sign.
        return scaled.isFinite ? (scaled / scale + 0).shortest : shortest
    }
}

extension ComputedValue where Value == Double {
    /// The value rounded to a number of decimals, or the reason why there is none.
    func words(_ digits: Int, _ unit: String = "") -> String {
        switch self {
        case .known(let value): value.rounded(to: digits) + unit
        case .unknown(let reason): "none (\(reason))"
        }
    }
}

extension ComputedValue where Value == [OpenInterestWall] {
    /// The strikes with what is open there, or why there are none.
    var words: String {
        switch self {
        case .known(let walls): walls.map { "\($0.strike) (\($0.size.shortest))" }.joined(separator: ", ")
        case .unknown(let reason): "none (\(reason))"
        }
    }
}

extension PutCallRatio {
    /// The ratio and both of its sums, and what is to be known of them.
    var words: String {
        "\(computed.words(4)); puts \(puts.words), calls \(calls.words)" + (note.map { " (\($0))" } ?? "")
    }
}

extension OpenInterestSnapshot {
    /// The analysis for people, a line each.
    var analysisLines: [String] {
        [
            "put-call ratio by open interest \(putCallRatio(by: .openInterest).words)",
            "put-call ratio by change \(putCallRatio(by: .change).words); net change \(netChange.words(2))",
            "put-call ratio by volume \(putCallRatio(by: .volume).words)",
            "spot \(spot.words), at the money \(computedAtTheMoney.map(\.price).words(4)), "
                + "max pain \(computedMaxPain.map(\.price).words(4)) (the lowest of equal strikes)",
            "resistance, calls at or above the spot: \(resistance().words)",
            "support, puts at or below the spot: \(support().words)",
            "straddle at the money \(straddle.map(\.price).words(4))",
            "strikes: \(strikeWindow.value?.words ?? strikeWindow.reason ?? "unknown")",
        ]
    }
}

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
