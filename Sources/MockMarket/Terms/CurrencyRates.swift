public import MarketData

/// Rates of exchange that never move, different for each seed.
struct CurrencyRates: Sendable {
    private static let rupees = ["INR": 1, "USD": 88.6, "EUR": 102.4, "GBP": 117.2, "JPY": 0.57]
    private let noise: SeededNoise

    init(seed: UInt64) { noise = SeededNoise(seed: seed, name: "currencies") }

    /// What one unit of a currency is in another.
    /// - Throws: `MarketDataError`, `notSupported` for a currency that the mock market does not know.
    func rate(from: String, to: String) throws(MarketDataError) -> Double {
        from == to ? 1 : try rupees(from) / rupees(to)
    }

    private func rupees(_ currency: String) throws(MarketDataError) -> Double {
        guard let middle = CurrencyRates.rupees[currency] else {
            throw MarketDataError(
                .notSupported, "the mock market has no rate of '\(currency)'", source: .mock,
                suggestions: CurrencyRates.rupees.keys.sorted()
            )
        }
        guard currency != "INR" else { return 1 }
        let place = CurrencyRates.rupees.keys.sorted().firstIndex(of: currency) ?? 0
        return middle * (0.97 + 0.06 * noise.fraction(place))
    }
}

extension Bar {
    /// The same in another currency, to four places.
    func converted(at rate: Double) -> Bar {
        func price(_ price: Double) -> Double { (price * rate * 10_000).rounded() / 10_000 }
        var bar = self
        (bar.open, bar.high, bar.low, bar.close) = (price(open), price(high), price(low), price(close))
        return bar
    }
}

extension MockMarket {
    /// What one unit of a currency is in another; it never moves.
    /// - Throws: `MarketDataError`, `notSupported` for a currency that this market does not know.
    public func rate(from: String, to: String) throws(MarketDataError) -> Double { try rates.rate(from: from, to: to) }
}
