public import MarketData

/// The adjustments of a symbol's prices: for splits, for dividends, for rolls, and of which contract.
struct PriceTerms: Sendable {
    var actions: ActionScale?
    var contract: ContractScale?

    func scale(on date: CalendarDate) -> SessionScale {
        if let actions { return actions.scale(on: date) }
        return contract?.scale(on: date) ?? SessionScale()
    }
}

extension MockMarket {
    /// The terms of a request; `nil` where prices are reported as they are, as those of most symbols always.
    func terms(
        of listing: Listing, adjustment: Adjustment, backAdjusted: Bool, at moment: Timestamp
    ) -> PriceTerms? {
        let today = calendar(of: listing).latestSession(at: moment, segment: listing.segment).date
        let actions = actions.scale(of: listing.symbol, adjustment: adjustment, on: today)
        let contract = listing.contract.flatMap { contract -> ContractScale? in
            guard contract.isCarried || contract.rank > 1 || contract.dated != nil || backAdjusted else { return nil }
            return ContractScale(
                contract: contract,
                levelling: backAdjusted && contract.dated == nil ? levelling(of: listing, contract, today: today) : []
            )
        }
        return actions == nil && contract == nil ? nil : PriceTerms(actions: actions, contract: contract)
    }

    /// In which quotes are reported.
    func presentTerms(of listing: Listing, at moment: Timestamp) -> PriceTerms? {
        terms(of: listing, adjustment: .splits, backAdjusted: false, at: moment)
    }

    /// A split or dividend that was not known before: from its day on prices are without it, and past prices that are
    /// adjusted for it change. Other symbols are not affected.
    public func announce(_ action: CorporateAction) { actions.announce(action) }
}

/// What a share's path is multiplied by on each day, in the terms of the present.
struct ActionScale: Sendable {
    /// Those that have happened.
    let actions: [CorporateAction]
    let adjustment: Adjustment
    /// What the whole path is multiplied by, adjusted for splits.
    let present: Double

    func scale(on date: CalendarDate) -> SessionScale {
        let later = actions.filter { $0.date > date }
        let splits = later.reduce(1) { $0 * $1.splitRatio }
        switch adjustment {
        case .splits: return SessionScale(factor: present, volume: 1 / present)
        case .dividends:
            return SessionScale(factor: later.reduce(present) { $0 * $1.kept }, volume: 1 / present)
        case .none: return SessionScale(factor: present * splits, volume: 1 / (present * splits))
        }
    }
}

/// What a session's ticks are turned into; the same for all of it, so that open, high, low and close keep their order and
/// parts of a session add up to the whole.
struct SessionScale: Equatable, Sendable {
    var factor = 1.0
    /// In ticks, after the factor.
    var offset: Int64 = 0
    var volume = 1.0

    func ticks(_ ticks: Int64) -> Int64 { max(1, Int64((Double(ticks) * factor).rounded()) + offset) }
}

extension Aggregate {
    func scaled(by scale: SessionScale) -> Aggregate {
        Aggregate(
            open: scale.ticks(open), high: scale.ticks(high), low: scale.ticks(low), close: scale.ticks(close),
            volume: Int64((Double(volume) * scale.volume).rounded())
        )
    }
}

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
