import MarketData

/// Snapshots made up for the checks.
enum SnapshotSample {
    static let symbol = Symbol(exchange: "NSE", ticker: "NIFTY")
    static let expiry = CalendarDate(daysSinceEpoch: 20_640)

    /// Every figure known, with odd strikes and fractions of contracts.
    static let full = snapshot(
        lotSize: 75, spot: 24_010.35, listed: 120,
        strikes: [
            strike(24_000, call: figures(1_500.5), put: figures(2_250)),
            strike(112.9, call: figures(0), put: figures(-0.25)),
        ],
        provenance: Provenance(
            source: .nse, feed: "option-chain-v3", mode: .delayed, delaySeconds: 180, asOf: MarketSample.opening))

    /// Little known: a side left out, both left out, figures left out.
    static let sparse = snapshot(
        lotSize: nil, spot: nil, listed: nil,
        strikes: [
            strike(100, call: OptionFigures(openInterest: 10), put: nil), strike(101, call: nil, put: nil),
            strike(102, call: nil, put: OptionFigures()),
        ],
        provenance: Provenance(
            source: .trendlyne, feed: nil, mode: .streaming, delaySeconds: nil, asOf: MarketSample.opening))

    static func at(
        _ minute: Int, source: Provenance.Source = .trendlyne, expiresIn days: Int = 0
    ) -> OpenInterestSnapshot {
        var snapshot = snapshot(
            lotSize: 75, spot: 24_000 + Double(minute), listed: 2,
            strikes: [
                strike(24_000, call: figures(Double(minute) * 75), put: figures(150)),
                strike(24_050, call: figures(75), put: nil),
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

    private static func strike(_ price: Double, call: OptionFigures?, put: OptionFigures?) -> OptionStrike {
        OptionStrike(
            strike: Strike(tenThousandths: Int64((price * 10_000).rounded())), call: call, put: put)
    }

    private static func figures(_ interest: Double) -> OptionFigures {
        OptionFigures(
            openInterest: interest, change: 0.1 - interest, previous: 2 * interest, last: 101.05, volume: 0,
            impliedVolatility: 13.37, priceChange: -4.65)
    }
}
