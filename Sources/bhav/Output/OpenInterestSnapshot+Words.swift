import MarketData

extension OpenInterestSnapshot {
    /// What follows from the figures, a line each, for people.
    var analysisLines: [String] {
        [
            "put-call ratio by open interest \(putCallRatio(by: .openInterest).words)",
            "put-call ratio by change \(putCallRatio(by: .change).words); net change \(netChange.words(2))",
            "put-call ratio by volume \(putCallRatio(by: .volume).words)",
            "spot \(spot.words), at the money \(atTheMoneyFigure.map(\.price).words(4)), "
                + "max pain \(maxPainFigure.map(\.price).words(4)) (of equals the lowest)",
            "resistance, calls at or above the spot: \(resistance().words)",
            "support, puts at or below the spot: \(support().words)",
            "straddle at the money \(straddle.map(\.price).words(4))",
            "strikes: \(strikeWindow.value?.words ?? strikeWindow.reason ?? "unknown")",
        ]
    }
}
