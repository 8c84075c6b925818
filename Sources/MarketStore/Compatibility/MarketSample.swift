import MarketData

/// Bars, answers and snapshots made up for the checks.
enum MarketSample {
    static let key = SeriesKey(symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), interval: .oneMinute)
    static let boundaries = BarBoundaries(interval: .oneMinute)

    /// 2026-07-01T03:45:00Z: 09:15 in India, a Wednesday.
    static let opening = Timestamp(seconds: 1_782_877_500)
    /// Four weeks later.
    static let later = opening.advanced(bySeconds: 28 * 86_400)

    static func time(_ minute: Int) -> Timestamp { opening.advanced(bySeconds: Int64(minute) * 60) }

    static func range(_ minutes: Range<Int>) -> TimeRange {
        TimeRange(from: time(minutes.lowerBound), to: time(minutes.upperBound))
    }

    static func provenance(
        age: Int64 = 0, source: Provenance.Source = .tradingview, feed: String? = "NSE:NIFTY"
    ) -> Provenance {
        Provenance(
            source: source, feed: feed, mode: .streaming, delaySeconds: 0, asOf: later.advanced(bySeconds: age))
    }

    /// The bar of a minute; `nudge` makes another value of it.
    static func bar(_ minute: Int, nudge: Double = 0, isFinal: Bool = true) -> Bar {
        bar(at: time(minute), nudge: nudge, isFinal: isFinal)
    }

    static func bar(at time: Timestamp, nudge: Double = 0, isFinal: Bool = true) -> Bar {
        let step = Double(time.seconds / 60 % 977)
        let open = 22_450.15 + step * 0.05
        return Bar(
            time: time, open: open, high: open + 12.35 + abs(nudge), low: open - 9.8, close: open + 3.05 + nudge,
            volume: step.truncatingRemainder(dividingBy: 5) == 0 ? nil : 1_000 + step,
            openInterest: step.truncatingRemainder(dividingBy: 7) == 0 ? 12_345.5 : nil, isFinal: isFinal)
    }

    static func run(
        _ bars: [Bar], age: Int64 = 0, source: Provenance.Source = .tradingview, coverage: CoverageMap = CoverageMap()
    ) -> BarRun {
        BarRun(key: key, bars: bars, provenance: provenance(age: age, source: source), coverage: coverage)
    }

    static func had(_ minutes: Range<Int>) -> CoverageMap {
        CoverageMap([CoverageSpan(range(minutes), .had)])
    }
}
