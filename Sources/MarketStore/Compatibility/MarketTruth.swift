import MarketData

/// What really happened in a made-up market of some days, and the many ways in which a source tells of it.
struct MarketTruth {
    /// The days, midnight to midnight in India.
    let range: TimeRange
    /// Every bar there was; in some minutes nothing was traded.
    let bars: [Bar]

    init(days: Int, _ random: inout SeededRandom) {
        let midnight = MarketSample.opening.advanced(bySeconds: -9 * 3600 - 900)
        range = TimeRange(from: midnight, to: midnight.advanced(bySeconds: Int64(days) * 86_400))
        var bars: [Bar] = []
        for bar in ExpectedBars(boundaries: MarketSample.boundaries, within: range) {
            if Int.random(in: 0..<20, using: &random) > 0 { bars.append(MarketSample.bar(at: bar.from)) }
        }
        self.bars = bars
    }

    /// All of it in one answer.
    var cleanRun: BarRun { run(range, provenance: MarketSample.provenance()) }

    /// Answers that together tell all of it: pages, overlaps, repeats and glimpses of forming bars, in any order.
    func answers(_ random: inout SeededRandom) -> [BarRun] {
        var answers: [BarRun] = []
        var from = range.from
        while from < range.to {
            let to = min(range.to, from.advanced(bySeconds: Int64.random(in: 1...20_000, using: &random)))
            answers.append(answer(TimeRange(from: from, to: to), &random))
            from = to
        }
        for _ in 0..<20 {
            let start = range.from.advanced(bySeconds: Int64.random(in: 0..<200_000, using: &random))
            let stop = start.advanced(bySeconds: Int64.random(in: 1...40_000, using: &random))
            answers.append(answer(TimeRange(from: start, to: min(stop, range.to)), &random))
            if let glimpse = glimpse(&random) { answers.append(glimpse) }
        }
        answers += answers.filter { _ in Bool.random(using: &random) }
        return answers.shuffled(using: &random)
    }

    private func answer(_ range: TimeRange, _ random: inout SeededRandom) -> BarRun {
        let source: Provenance.Source = Bool.random(using: &random) ? .tradingview : .nse
        let age = Int64.random(in: 0...5, using: &random)
        return run(range, provenance: MarketSample.provenance(age: age, source: source))
    }

    /// An answer given while its last bar was forming.
    private func glimpse(_ random: inout SeededRandom) -> BarRun? {
        guard let last = bars.randomElement(using: &random) else { return nil }
        var forming = last
        forming.isFinal = false
        forming.close = last.low
        var provenance = MarketSample.provenance()
        provenance.asOf = last.time.advanced(bySeconds: 30)
        let past = TimeRange(from: last.time.advanced(bySeconds: -1800), to: last.time.advanced(bySeconds: 60))
        let bars = bars.filter { past.contains($0.time) && $0.time < last.time } + [forming]
        return BarRun(
            key: MarketSample.key, bars: bars, provenance: provenance,
            answered: TimeRange(from: max(past.from, range.from), to: past.to), boundaries: MarketSample.boundaries)
    }

    private func run(_ range: TimeRange, provenance: Provenance) -> BarRun {
        BarRun(
            key: MarketSample.key, bars: bars.filter { range.contains($0.time) }, provenance: provenance,
            answered: range, boundaries: MarketSample.boundaries)
    }
}
