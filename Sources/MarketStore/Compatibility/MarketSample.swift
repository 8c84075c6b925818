import MarketData

/// Bars, responses and snapshots made up for the checks.
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

    static func data(_ minutes: Range<Int>) -> CoverageMap {
        CoverageMap([CoverageSpan(range(minutes), .hasData)])
    }
}

/// What really happened in a made-up market of some days, and the many ways in which a source reports it.
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

    /// All of it in one response.
    var cleanRun: BarRun { run(range, provenance: MarketSample.provenance()) }

    /// Responses that together cover all of it: pages, overlaps, repeats and forming bars, in any order.
    func responses(_ random: inout SeededRandom) -> [BarRun] {
        var responses: [BarRun] = []
        var from = range.from
        while from < range.to {
            let to = min(range.to, from.advanced(bySeconds: Int64.random(in: 1...20_000, using: &random)))
            responses.append(response(TimeRange(from: from, to: to), &random))
            from = to
        }
        for _ in 0..<20 {
            let start = range.from.advanced(bySeconds: Int64.random(in: 0..<200_000, using: &random))
            let stop = start.advanced(bySeconds: Int64.random(in: 1...40_000, using: &random))
            responses.append(response(TimeRange(from: start, to: min(stop, range.to)), &random))
            if let glimpse = glimpse(&random) { responses.append(glimpse) }
        }
        responses += responses.filter { _ in Bool.random(using: &random) }
        return responses.shuffled(using: &random)
    }

    private func response(_ range: TimeRange, _ random: inout SeededRandom) -> BarRun {
        let source: Provenance.Source = Bool.random(using: &random) ? .tradingview : .nse
        let age = Int64.random(in: 0...5, using: &random)
        return run(range, provenance: MarketSample.provenance(age: age, source: source))
    }

    /// A response given while its last bar was forming.
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
            complete: TimeRange(from: max(past.from, range.from), to: past.to), boundaries: MarketSample.boundaries)
    }

    private func run(_ range: TimeRange, provenance: Provenance) -> BarRun {
        BarRun(
            key: MarketSample.key, bars: bars.filter { range.contains($0.time) }, provenance: provenance,
            complete: range, boundaries: MarketSample.boundaries)
    }
}

/// Snapshots made up for the checks.
enum SnapshotSample {
    static let symbol = Symbol(exchange: "NSE", ticker: "NIFTY")
    static let expiry = CalendarDate(daysSinceEpoch: 20_640)

    /// Every value known, with odd strikes and fractions of contracts.
    static let full = snapshot(
        lotSize: 75, spot: 24_010.35, listed: 120,
        strikes: [
            strike(24_000, call: option(1_500.5), put: option(2_250)),
            strike(112.9, call: option(0), put: option(-0.25)),
        ],
        provenance: Provenance(
            source: .nse, feed: "option-chain-v3", mode: .delayed, delaySeconds: 180, asOf: MarketSample.opening))

    /// Little known: a side left out, both left out, values left out.
    static let sparse = snapshot(
        lotSize: nil, spot: nil, listed: nil,
        strikes: [
            strike(100, call: OptionData(openInterest: 10), put: nil), strike(101, call: nil, put: nil),
            strike(102, call: nil, put: OptionData()),
        ],
        provenance: Provenance(
            source: .trendlyne, feed: nil, mode: .streaming, delaySeconds: nil, asOf: MarketSample.opening))

    static func at(
        _ minute: Int, source: Provenance.Source = .trendlyne, expiresIn days: Int = 0
    ) -> OpenInterestSnapshot {
        var snapshot = snapshot(
            lotSize: 75, spot: 24_000 + Double(minute), listed: 2,
            strikes: [
                strike(24_000, call: option(Double(minute) * 75), put: option(150)),
                strike(24_050, call: option(75), put: nil),
            ],
            provenance: Provenance(
                source: source, feed: nil, mode: .streaming, delaySeconds: nil, asOf: MarketSample.time(minute)))
        snapshot.expiry = expiry.advanced(byDays: days)
        return snapshot
    }

    static func all(of store: CompatibilityCheck.Store) async throws -> [OpenInterestSnapshot] {
        try await store.snapshots(of: symbol, expiry: expiry, in: .always)
    }

    private static func snapshot(
        lotSize: Int?, spot: Double?, listed: Int?, strikes: [OptionStrike], provenance: Provenance
    ) -> OpenInterestSnapshot {
        OpenInterestSnapshot(
            symbol: symbol, expiry: expiry, unit: provenance.source == .nse ? .contracts : .shares, lotSize: lotSize,
            spot: spot, strikes: strikes, listedStrikes: listed, provenance: provenance)
    }

    private static func strike(_ price: Double, call: OptionData?, put: OptionData?) -> OptionStrike {
        OptionStrike(
            strike: Strike(tenThousandths: Int64((price * 10_000).rounded())), call: call, put: put)
    }

    private static func option(_ interest: Double) -> OptionData {
        OptionData(
            openInterest: interest, change: 0.1 - interest, previous: 2 * interest, last: 101.05, volume: 0,
            impliedVolatility: 13.37, priceChange: -4.65)
    }
}
