import MarketData
import TestSupport

/// Chains made up for tests.
enum RandomChain {
    static func snapshot(_ rows: [(Double, Double?, Double?)], spot: Double? = nil) -> OpenInterestSnapshot {
        OpenInterestSnapshot(
            symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), expiry: CalendarDate(daysSinceEpoch: 20_000),
            unit: .shares, lotSize: 1, spot: spot,
            strikes: rows.compactMap { price, call, put in
                Strike(price).map { strike in
                    OptionStrike(
                        strike: strike, call: call.map { OptionData(openInterest: $0) },
                        put: put.map { OptionData(openInterest: $0) }
                    )
                }
            },
            listedStrikes: nil,
            provenance: Provenance(
                source: .mock, feed: nil, mode: .simulated, delaySeconds: nil, asOf: Timestamp(seconds: 0))
        )
    }

    /// A chain of up to 60 strikes at uneven distances; some sides missing, many equal.
    static func random(_ random: inout SeededGenerator) -> OpenInterestSnapshot {
        var price = Double.random(in: 50...500, using: &random).rounded()
        let rows = (0..<Int.random(in: 1...60, using: &random)).map { _ -> (Double, Double?, Double?) in
            price += [0.5, 1, 2.5, 5, 50].randomElement(using: &random) ?? 1
            return (price, side(&random), side(&random))
        }
        return snapshot(rows.shuffled(using: &random))
    }

    private static func side(_ random: inout SeededGenerator) -> Double? {
        Int.random(in: 0..<5, using: &random) == 0 ? nil : Double(Int.random(in: 0...8, using: &random) * 75)
    }
}
